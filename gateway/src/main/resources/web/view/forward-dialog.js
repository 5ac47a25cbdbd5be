/** Asks where a message is to be said again. */
import { avatar } from './avatar.js';
import { closable } from './dialog.js';
import { byId, element } from './dom.js';
import { whyNoWriting } from './footer.js';

export class ForwardDialog {
    #store;
    #route;
    #sender;
    #dialog = closable('forward-dialog', 'forward-cancel');

    constructor(store, route, sender) {
        this.#store = store;
        this.#route = route;
        this.#sender = sender;
    }

    /** `message`: {seq, sender, text} of the conversation. */
    show(conversation, message) {
        const places = this.#store.listed.filter((place) => whyNoWriting(place) === null);
        byId('forward-places').replaceChildren(...places.map((place) => this.#place(place, conversation, message)));
        this.#dialog.showModal();
    }

    #place(place, conversation, { seq, sender, text }) {
        const button = element('button', { type: 'button', class: 'place', 'data-testid': `forward-to-${place.id}` },
            avatar(place.name, place.kind), element('span', { class: 'name', dir: 'auto' }, place.name));
        button.onclick = () => {
            this.#dialog.close();
            this.#sender.say(place.id, { text, replyTo: null, mentions: null, forward: { conversationId: conversation.id, seq, sender } });
            this.#route.open(place.id);
        };
        return element('li', {}, button);
    }
}
