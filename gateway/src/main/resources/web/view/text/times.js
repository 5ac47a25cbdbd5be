/** Formats times in the language of the browser. */

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const DATE_AND_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const LONG_DATE = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

/** Such as 14:05. */
export function clockTime(millis) {
    return CLOCK.format(millis);
}

/** Date and time in full, for a tooltip. */
export function fullTime(millis) {
    return FULL.format(millis);
}

/** A name of the day, the same for all times of one day in this time zone. */
export function day(millis) {
    return new Date(millis).toDateString();
}

/** For the list: the time of today, else Yesterday, the weekday, or the date. */
export function shortTime(millis) {
    const daysAgo = daysSince(millis);
    if (daysAgo <= 0) {
        return clockTime(millis);
    }
    if (daysAgo === 1) {
        return 'Yesterday';
    }
    return daysAgo < 7 ? WEEKDAY.format(millis) : date(millis, DATE);
}

/** For the divider between two days. */
export function dayTitle(millis) {
    const daysAgo = daysSince(millis);
    if (daysAgo <= 0) {
        return 'Today';
    }
    return daysAgo === 1 ? 'Yesterday' : date(millis, LONG_DATE);
}

/** When a user was last online, seen from `now`; empty where they never were. Both in milliseconds. */
export function lastSeen(millis, now) {
    if (millis === 0) {
        return '';
    }
    const minutes = Math.floor((now - millis) / 60_000);
    if (minutes < 1) {
        return 'last seen just now';
    }
    if (minutes < 60) {
        return minutes === 1 ? 'last seen a minute ago' : `last seen ${minutes} minutes ago`;
    }
    const daysAgo = daysSince(millis);
    if (daysAgo > 1) {
        return `last seen on ${date(millis, DATE)}`;
    }
    return `last seen ${daysAgo === 1 ? 'yesterday ' : ''}at ${clockTime(millis)}`;
}

function date(millis, format) {
    const thisYear = new Date(millis).getFullYear() === new Date().getFullYear();
    return (thisYear ? format : DATE_AND_YEAR).format(millis);
}

/** The number of midnights between then and now. */
function daysSince(millis) {
    const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
    return Math.round((midnight(Date.now()) - midnight(millis)) / 86_400_000);
}
