// The tablet at the sign: the page is asked for again when its code is over.
const left = Number(document.body.dataset.left ?? 20);
setTimeout(() => location.reload(), Math.min(left + 1, 20) * 1000);
