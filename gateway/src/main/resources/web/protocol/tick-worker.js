/** Ticks once a second, from a worker: browsers slow the timers of hidden pages down to one a minute, a worker's not. */
setInterval(() => postMessage(null), 1000);
