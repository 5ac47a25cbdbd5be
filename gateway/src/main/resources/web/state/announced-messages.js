/** Chooses the new messages that the page announces: those of others, in a muted conversation only the ones that mention the user. */
import { mentionsUser } from './read-state.js';

/**
 * @param {import('./store.js').Store} store
 * @param {string} conversationId
 * @param {import('./types.js').Message[]} messages
 * @param {boolean} isVisible whether the conversation is on the screen; its mute setting then does not apply
 */
export function announcedMessages({ me, conversations }, conversationId, messages, isVisible) {
    const isMuted = conversations.get(conversationId)?.settings.muted === true && !isVisible;
    return messages.filter((message) => message.sender !== me && (!isMuted || mentionsUser(me, message)));
}
