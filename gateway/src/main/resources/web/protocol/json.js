/** Reads values of protobuf's canonical JSON: defaults are absent, 64-bit integers are strings, times are RFC 3339. */

/** An integer of any width; absent means 0. */
export function int(value) {
    return Number(value ?? 0);
}

/** Milliseconds since 1970; absent means 0. */
export function time(value) {
    return value === undefined ? 0 : Date.parse(value);
}

/**
 * Ranges with both ends included.
 *
 * @returns {import('../state/types.js').Range[]}
 */
export function ranges(json) {
    return (json ?? []).map((range) => ({ from: int(range.fromSeq), to: int(range.toSeq) }));
}

/**
 * The profile of a group.
 *
 * @returns {import('../state/types.js').Profile}
 */
export function profile(json) {
    return {
        name: json.name ?? '',
        announcement: json.announcement ?? '',
        joinPolicy: json.joinPolicy ?? 'BY_INVITATION',
        historyFromStart: json.historyFromStart === true,
    };
}
