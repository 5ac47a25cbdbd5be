/** Whether the user looks at the page: it is visible and has the focus. */
export class PageFocus {
    /** @param {() => void} onChange */
    constructor(onChange) {
        addEventListener('focus', onChange);
        addEventListener('blur', onChange);
        document.addEventListener('visibilitychange', onChange);
    }

    get isFocused() {
        return document.visibilityState === 'visible' && document.hasFocus();
    }
}
