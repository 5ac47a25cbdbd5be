/** Posts a message every second. Browsers slow the timers of hidden pages down to one a minute, but not those of workers. */
setInterval(() => postMessage(null), 1000);
