/** A dialog that a click beside it, and a button, close. */
import { byId } from './dom.js';

/** `closeId`: of the button. */
export function closable(id, closeId) {
    const dialog = byId(id);
    byId(closeId).onclick = () => dialog.close();
    dialog.addEventListener('click', (e) => e.target === dialog && dialog.close());
    return dialog;
}
