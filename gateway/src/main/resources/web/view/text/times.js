/** Formats times in the language of the page and the country of the browser. */
import { currentLocale, text } from '../../texts/texts.js';

const CLOCK = { hour: 'numeric', minute: '2-digit' };
const WEEKDAY = { weekday: 'short' };
const DATE = { day: 'numeric', month: 'short' };
const DATE_AND_YEAR = { day: 'numeric', month: 'short', year: 'numeric' };
const LONG_DATE = { weekday: 'long', day: 'numeric', month: 'long' };
const FULL = { dateStyle: 'full', timeStyle: 'medium' };

/** Options → {locale, format}: making a format takes longer than using it. */
const formats = new Map();

/** Such as 14:05. */
export function clockTime(millis) {
    return formatted(millis, CLOCK);
}

/** Date and time in full, for a tooltip. */
export function fullTime(millis) {
    return formatted(millis, FULL);
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
        return dayName(daysAgo);
    }
    return daysAgo < 7 ? formatted(millis, WEEKDAY) : date(millis, DATE);
}

/** For the divider between two days. */
export function dayTitle(millis) {
    const daysAgo = Math.max(0, daysSince(millis));
    return daysAgo <= 1 ? dayName(daysAgo) : date(millis, LONG_DATE);
}

/** When a user was last online, seen from `now`; empty where they never were. Both in milliseconds. */
export function lastSeen(millis, now) {
    if (millis === 0) {
        return '';
    }
    const minutes = Math.floor((now - millis) / 60_000);
    if (minutes < 1) {
        return text('seen.justNow');
    }
    if (minutes < 60) {
        return text('seen.ago', { ago: new Intl.RelativeTimeFormat(currentLocale()).format(-minutes, 'minute') });
    }
    const daysAgo = daysSince(millis);
    if (daysAgo > 1) {
        return text('seen.onDate', { date: date(millis, DATE) });
    }
    return text(daysAgo === 1 ? 'seen.yesterday' : 'seen.atTime', { time: clockTime(millis) });
}

/** Today or Yesterday. */
function dayName(daysAgo) {
    const name = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto' }).format(-daysAgo, 'day');
    return name[0].toLocaleUpperCase(currentLocale()) + name.slice(1);
}

function date(millis, options) {
    const thisYear = new Date(millis).getFullYear() === new Date().getFullYear();
    return formatted(millis, thisYear ? options : DATE_AND_YEAR);
}

function formatted(millis, options) {
    const locale = currentLocale();
    if (formats.get(options)?.locale !== locale) {
        formats.set(options, { locale, format: new Intl.DateTimeFormat(locale, options) });
    }
    return formats.get(options).format.format(millis);
}

/** The number of midnights between then and now. */
function daysSince(millis) {
    const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
    return Math.round((midnight(Date.now()) - midnight(millis)) / 86_400_000);
}
