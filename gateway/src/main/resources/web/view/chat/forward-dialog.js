/** Asks for the conversation to forward a message to. */
import { conversationAvatar } from '../components/avatar.js';
import { closableDialog } from '../components/dialog.js';
import { byId, element } from '../components/dom.js';
import { readOnlyReason } from './read-only-footer.js';

/** @typedef {import('../../protocol/message-sender.js').MessageSender} MessageSender */
/** @typedef {import('../page/route.js').Route} Route */
/** @typedef {import('../../state/store.js').Store} Store */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

export class ForwardDialog {
    /** @type {Store} */
    #store;
    /** @type {Route} */
    #route;
    /** @type {MessageSender} */
    #sender;
    #dialog = closableDialog('forward-dialog', 'forward-cancel');

    /**
     * @param {Store} store
     * @param {Route} route
     * @param {MessageSender} sender
     */
    constructor(store, route, sender) {
        this.#store = store;
        this.#route = route;
        this.#sender = sender;
    }

    /** `message`: {seq, sender, text} of the conversation. */
    show(/** @type {Conversation} */ conversation, message) {
        const targets = this.#store.listed.filter((target) => readOnlyReason(target) === null);
        byId('forward-places').replaceChildren(...targets.map((target) => this.#item(target, conversation, message)));
        this.#dialog.showModal();
    }

    #item(target, /** @type {Conversation} */ conversation, { seq, sender, text }) {
        const button = element('button', { type: 'button', class: 'place', 'data-testid': `forward-to-${target.id}` },
            conversationAvatar(target), element('span', { class: 'name', dir: 'auto' }, target.name));
        button.onclick = () => {
            this.#dialog.close();
            this.#sender.send(target.id, { text, replyTo: null, mentions: null, forward: { conversationId: conversation.id, seq, sender } });
            this.#route.open(target.id);
        };
        return element('li', {}, button);
    }
}
