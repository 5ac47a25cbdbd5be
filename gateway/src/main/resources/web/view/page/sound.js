/** Plays two short notes for new messages that are not on the screen. Off until the user turns it on. */
import { announcedMessages } from '../../state/announced-messages.js';

const NOTES_HERTZ = [880, 1174.7];
const NOTE_SECONDS = 0.12;
const VOLUME = 0.08;
/** Many messages at once make one sound. */
const PAUSE_MILLIS = 2_000;

export class Sound {
    /** @type {import('../../state/store.js').Store} */
    #store;
    /** @type {import('../../preferences.js').Preferences} */
    #preferences;
    #context = /** @type {AudioContext | null} */ (null);
    #playedAt = -Infinity;

    /**
     * @param {import('../../state/store.js').Store} store
     * @param {import('../../preferences.js').Preferences} preferences
     */
    constructor(store, preferences) {
        this.#store = store;
        this.#preferences = preferences;
    }

    /** `isSeen`: whether the user looks at the open conversation. */
    announce(conversationId, messages, isSeen) {
        const isVisible = isSeen && conversationId === this.#store.openId;
        const isNew = announcedMessages(this.#store, conversationId, messages, false).some((message) => message.countable);
        const now = Date.now();
        if (isNew && !isVisible && this.#preferences.values.sound && now - this.#playedAt >= PAUSE_MILLIS) {
            this.#playedAt = now;
            this.play();
        }
    }

    play() {
        this.#context ??= new AudioContext();
        const context = this.#context;
        NOTES_HERTZ.forEach((hertz, i) => playNote(context, hertz, context.currentTime + i * NOTE_SECONDS));
    }
}

function playNote(context, hertz, at) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(VOLUME, at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 2 * NOTE_SECONDS);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + 2 * NOTE_SECONDS);
}
