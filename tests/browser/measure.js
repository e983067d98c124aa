// What a reader would stumble over, as a list of sentences; run in the page.
(() => {
	const said = [];
	const page = document.documentElement;
	const show = e => e.outerHTML.slice(0, 120).replace(/\s+/g, ' ');
	const visible = e => e.checkVisibility() && getComputedStyle(e).display !== 'none';

	// --- nothing is wider than the page ---
	if (page.scrollWidth > page.clientWidth)
		said.push(`page: ${page.scrollWidth} px wide in ${page.clientWidth}`);
	for (const e of document.body.querySelectorAll('*')) {
		const r = e.getBoundingClientRect();
		if (r.right > page.clientWidth + 0.5 &&
				!(SCROLLED_IS_FINE && e.closest('.wide')))
			said.push(`right of the page: ${show(e)}`);
	}
	// Nothing is cut in a box of its own: mail clients do not let it scroll.
	for (const e of document.body.querySelectorAll('*'))
		if (visible(e) && e.clientWidth && e.scrollWidth > e.clientWidth &&
				!e.closest('svg, details:not([open])') &&
				!(SCROLLED_IS_FINE && e.closest('.wide')))
			said.push(`cut: ${e.scrollWidth} px in ${e.clientWidth}: ${show(e)}`);
	// A number is not broken, where the numbers are not made to be long.
	for (const e of document.querySelectorAll('td.num')) {
		const range = document.createRange();
		range.selectNodeContents(e);
		const lines = new Set([...range.getClientRects()].map(r => r.top));
		if (!BROKEN_IS_FINE && visible(e) && lines.size > 1 &&
				/^[\d,]+$/.test(e.textContent))
			said.push(`a number in two lines: ${show(e)}`);
	}

	// --- no text on another ---
	const boxes = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest('svg') || !visible(e))
			continue;
		const range = document.createRange();
		range.selectNodeContents(n);
		for (const r of range.getClientRects())
			if (r.width > 0)
				boxes.push({r, what: n.data.trim().slice(0, 40)});
	}
	const texts = [...document.querySelectorAll('svg text')].filter(visible);
	for (const e of texts)
		boxes.push({r: e.getBoundingClientRect(), what: e.textContent, svg: e});
	const meet = (a, b, x, y) =>
		Math.min(a.right, b.right) - Math.max(a.left, b.left) > x &&
		Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > y;
	for (let i = 0; i < boxes.length; i++)
		for (let k = i + 1; k < boxes.length; k++)
			if (meet(boxes[i].r, boxes[k].r, 0.5, 4))
				said.push(`'${boxes[i].what}' lies on '${boxes[k].what}'`);

	// --- pictures ---
	for (const e of texts) {
		const s = e.ownerSVGElement.getBoundingClientRect();
		const r = e.getBoundingClientRect();
		if (r.left < s.left - 0.5 || r.right > s.right + 0.5 ||
				r.top < s.top - 0.5 || r.bottom > s.bottom + 0.5)
			said.push(`out of its picture: '${e.textContent}'`);
		for (const bar of e.ownerSVGElement.querySelectorAll('rect'))
			if (meet(r, bar.getBoundingClientRect(), 0.5, 3)) {
				said.push(`a bar lies under '${e.textContent}'`);
				break;
			}
	}
	for (const s of document.querySelectorAll('svg')) {
		const box = s.getBoundingClientRect();
		for (const e of s.querySelectorAll('rect, path')) {
			const r = e.getBoundingClientRect();
			if (r.left < box.left - 1 || r.right > box.right + 1 ||
					r.top < box.top - 1 || r.bottom > box.bottom + 1)
				said.push(`out of its picture: ${show(e)}`);
		}
		if (s.getAttribute('role') === 'img' ? !s.querySelector('title') :
				s.getAttribute('aria-hidden') !== 'true')
			said.push(`without a name: ${show(s)}`);
	}

	// --- contrast (WCAG 2.1: 4.5 for letters, 3 for bars) ---
	const parse = c => (c.match(/[\d.]+/g) || []).map(Number);
	const light = c => {
		const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v =>
			v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = e => {
		for (; e; e = e.parentElement) {
			const c = parse(getComputedStyle(e).backgroundColor);
			if (c.length && (c.length < 4 || c[3] > 0))
				return c;
		}
		return [255, 255, 255];
	};
	const told = new Set();
	const contrast = (e, colour, least) => {
		const a = light(parse(colour)), b = light(ground(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		const what = `contrast ${ratio.toFixed(2)} of ${colour} on ${ground(e)}: ${e.tagName}.${e.getAttribute('class')}`;
		if (ratio < least && !told.has(what))
			told.add(what) && said.push(what);
	};
	for (const e of document.body.querySelectorAll('*')) {
		const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
		if (e.tagName === 'rect' || e.tagName === 'path')
			contrast(e, getComputedStyle(e).fill, 3);
		else if (own && visible(e) && e.tagName === 'text')
			contrast(e, getComputedStyle(e).fill, 4.5);
		else if (own && visible(e) && !e.closest('svg'))
			contrast(e, getComputedStyle(e).color, 4.5);
	}

	// --- each character has a glyph ---
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = 40;
	const pen = canvas.getContext('2d', {willReadFrequently: true});
	const draw = c => {
		pen.clearRect(0, 0, 40, 40);
		pen.font = '24px ' + getComputedStyle(document.body).fontFamily;
		pen.fillText(c, 4, 30);
		return pen.getImageData(0, 0, 40, 40).data.join();
	};
	// Nobody's characters: what they look like is a missing glyph.
	const missing = new Set(['\u{10fffe}', '\u{effff}', '\ufffe'].map(draw));
	const has = c => !missing.has(draw(c));
	const all = new Set(document.body.textContent + document.title);
	if (!has('a') || has('\u{ffffe}'))
		said.push('the test for glyphs does not work here');
	for (const c of all)
		if (c.trim() && !has(c))
			said.push(`no glyph for '${c}' U+${c.codePointAt(0).toString(16)}`);

	// --- for paper: what should not be cut ---
	if (matchMedia('print').matches)
		for (const e of document.querySelectorAll('figure, .wide, tr, li'))
			if (!e.closest('details') && getComputedStyle(e).breakInside !== 'avoid')
				said.push(`may be cut between pages: ${show(e)}`);
	return said;
})()
