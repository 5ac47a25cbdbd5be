/** Values as protobuf's canonical JSON writes them: defaults left out, 64-bit integers as strings, times as RFC 3339. */

/** An integer of any width; absent means 0. */
export function int(value) {
    return Number(value ?? 0);
}

/** Milliseconds since 1970; absent means 0. */
export function time(value) {
    return value === undefined ? 0 : Date.parse(value);
}

/** [{from, to}], both ends included. */
export function ranges(json) {
    return (json ?? []).map((range) => ({ from: int(range.fromSeq), to: int(range.toSeq) }));
}

/** What a group says of itself. */
export function profile(json) {
    return {
        name: json.name ?? '',
        announcement: json.announcement ?? '',
        joinPolicy: json.joinPolicy ?? 'BY_INVITATION',
        historyFromStart: json.historyFromStart === true,
    };
}
