/** Asks the user to confirm an action that cannot be undone. Cancel has the focus; Escape and a click outside cancel, too. */
import { byId, setText } from './dom.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} explanation
 * @property {string} confirm the text of the button that confirms
 * @property {string} [quote] what the question is about
 */

/**
 * @param {Question} question
 * @returns {Promise<boolean>} whether the user has confirmed
 */
export function confirmed({ title, explanation, confirm, quote = '' }) {
    const dialog = byId('confirm-dialog');
    setText(byId('confirm-heading'), title);
    setText(byId('confirm-explanation'), explanation);
    setText(byId('confirm-quote'), quote);
    byId('confirm-quote').hidden = quote === '';
    setText(byId('confirm-ok'), confirm);
    dialog.returnValue = '';
    byId('confirm-ok').onclick = () => dialog.close('confirmed');
    byId('confirm-cancel').onclick = () => dialog.close();
    dialog.onclick = (e) => e.target === dialog && dialog.close();
    dialog.showModal();
    byId('confirm-cancel').focus();
    return new Promise((resolve) => {
        dialog.onclose = () => resolve(dialog.returnValue === 'confirmed');
    });
}
