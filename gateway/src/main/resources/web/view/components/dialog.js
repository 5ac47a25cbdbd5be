/** A dialog that closes with its button, and with a click outside. */
import { byId } from './dom.js';

/** `closeId`: the id of the button. */
export function closableDialog(id, closeId) {
    const dialog = byId(id);
    byId(closeId).onclick = () => dialog.close();
    dialog.addEventListener('click', (e) => e.target === dialog && dialog.close());
    return dialog;
}
