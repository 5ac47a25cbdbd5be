/** Whether somebody looks at the page: visible, and with the focus. */
export class Attention {
    /** `onChange()`: it came or went. */
    constructor(onChange) {
        addEventListener('focus', onChange);
        addEventListener('blur', onChange);
        document.addEventListener('visibilitychange', onChange);
    }

    get here() {
        return document.visibilityState === 'visible' && document.hasFocus();
    }
}
