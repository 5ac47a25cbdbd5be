/** Icons as inline SVG. */

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
    back: 'M15 5l-7 7 7 7',
    compose: 'M12 20h9M16.5 3.5a2.1 2.1 0 0 1 3 3L8 18l-4 1 1-4z',
    down: 'M6 9l6 6 6-6',
    leave: 'M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4M15 8l4 4-4 4M19 12H9',
    send: 'M4.5 12L3 4.6c-.2-.8.6-1.4 1.3-1.1l16.2 7.6c.8.4.8 1.5 0 1.9L4.3 20.5c-.7.3-1.5-.3-1.3-1.1zM4.5 12h7',
    clock: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
    tick: 'M5 13l4 4L19 7',
    ticks: 'M2 13l4 4L15.5 7M11 16l1.2 1L22 7',
    more: 'M4.5 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0M11.4 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0M18.3 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0',
    group: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.4c2.1.8 3.5 2.8 3.5 5.6',
    info: 'M12 11v5M12 8v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
    close: 'M6 6l12 12M18 6L6 18',
    pin: 'M9 4h6l-.7 6 3.2 3v1.5h-11V13l3.2-3zM12 14.5V20',
    muted: 'M8 6.2A5.5 5.5 0 0 1 17.5 10c0 2.2.4 3.7.9 4.8M6.6 9c0 5-2.1 6-2.1 7.5h12M10 19.5a2 2 0 0 0 4 0M4 4l16 16',
    alert: 'M12 8v5M12 16.5v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
};

/** A decorative icon; the element around it has the label. */
export function icon(name) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('class', 'svg');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', PATHS[name]);
    svg.append(path);
    return svg;
}
