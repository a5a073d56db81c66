// Run what a flow's author wrote, and say what it came to in words that every driver can carry.
// `make` gives the author's function; `mark` an error made on the line before its first one.
(given, mark, make) => {
  const [values, told] = given;
  const frames = (stack) =>
    [...String(stack ?? '').matchAll(/^(.*?):(\d+):\d+\)?$/gm)].map(([, file, line]) => [file, Number(line)]);
  const fileOf = (frame) => frame.replace(/^.*[@(, ]/, '');
  const [[markFile, markLine] = ['', 0]] = frames(mark().stack);

  const lineOf = (error) => {
    const own = frames(error?.stack)
      .filter(([file]) => fileOf(file) === fileOf(markFile))
      .map(([, line]) => line - markLine);
    return own.find((line) => line >= 1 && line <= told.lines) ?? 0;
  };

  const named = (element) => {
    const id = element.getAttribute?.('id');
    return `<${element.localName ?? element.nodeName}${id ? ` id="${id}"` : ''}>`;
  };

  const quoted = (text) => {
    const plain = text.replace(/[\ud800-\udfff]/gu, '\ufffd').replaceAll('\0', '\ufffd');
    const hex = (sign) => sign.charCodeAt(0).toString(16).padStart(4, '0');
    return `"${plain.replace(/[\x01-\x1f"\\\x7f-\x9f\u2028\u2029]/g, (sign) => `\\u${hex(sign)}`)}"`;
  };

  class Unkept {
    constructor(why) {
      this.why = why;
    }
  }

  // JSON of our own: pages break JSON.stringify, or extend it with toJSON of all arrays.
  const written = (value, around, path) => {
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (value === null || value === undefined) return 'null';
    if (kind === 'Boolean') return String(Boolean(value.valueOf()));
    if (kind === 'Number') return Number.isFinite(Number(value)) ? String(Number(value)) : 'null';
    if (kind === 'BigInt' || kind === 'RegExp') return quoted(String(value));
    if (kind === 'Date') return Number.isFinite(value.getTime()) ? quoted(value.toISOString()) : 'null';
    if (kind === 'String') {
      if (value.length > told.longest) throw new Unkept(`a text of ${value.length} characters`);
      return quoted(String(value));
    }
    if (typeof value === 'function' || typeof value === 'symbol') return 'null';
    if (typeof value.nodeType === 'number') throw new Unkept(`the element ${named(value)}`);
    if (value.window === value) throw new Unkept('a window');
    if (value instanceof Error || kind === 'Error') return quoted(String(value));
    if (around.includes(value)) throw new Unkept(`something that contains itself (at ${path || 'its top'})`);
    if (around.length >= 100) throw new Unkept('something that is nested more than 100 deep');
    return composed(value, [...around, value], path);
  };

  let length = 0;
  const add = (parts, part) => {
    length += part.length;
    if (length > told.longest * 2) throw new Unkept(`more than ${told.longest} characters`);
    parts.push(part);
  };

  const composed = (value, around, path) => {
    const isList = Array.isArray(value);
    if (!isList && typeof value.toJSON === 'function' && value.toJSON !== Object.prototype.toJSON) {
      return written(value.toJSON(), around, path);
    }
    const parts = [];
    if (isList || typeof value[Symbol.iterator] === 'function') {
      for (const one of value) add(parts, written(one, around, `${path}[${parts.length}]`));
      return `[${parts.join(',')}]`;
    }
    for (const name of Object.keys(value)) {
      const inner = value[name];
      if (inner === undefined || typeof inner === 'function' || typeof inner === 'symbol') continue;
      const at = path ? `${path}.${name}` : name;
      add(parts, `${quoted(name)}:${written(inner, around, at)}`);
    }
    return `{${parts.join(',')}}`;
  };

  const wordsOf = (error) => {
    try {
      if (error !== null && typeof error === 'object' && !('message' in error)) return written(error, [], '');
      return String(error);
    } catch {
      return 'something that cannot be written down';
    }
  };

  const LATE = {};
  const late = () => new Promise((done) => setTimeout(done, told.milliseconds, LATE));
  const answer = async () => {
    let done;
    const called = new Promise((then) => (done = then));
    const returned = make(values, done).apply(window, told.calls_back ? [...values, done] : values);
    if (!told.calls_back) return Promise.race([returned, late()]);
    const unless = returned.then((value) => (value === undefined ? called : value));
    return Promise.race([called, unless, late()]);
  };

  const play = async () => {
    const said = { mark: markLine, state: 'json', text: 'null', line: 0, holds: false };
    let value;
    try {
      value = await answer();
    } catch (error) {
      return { ...said, state: 'threw', text: wordsOf(error), line: lineOf(error) };
    }
    if (value === LATE) return { ...said, state: 'late' };
    said.holds = Boolean(value);
    if (value === undefined) return { ...said, state: 'nothing' };
    try {
      return { ...said, text: written(value, [], '') };
    } catch (error) {
      const why = error instanceof Unkept ? error.why : `something that cannot be read (${wordsOf(error)})`;
      return { ...said, state: 'unkept', text: why };
    }
  };
  // A dialog breaks off the driver's call, not the script: its answer is fetched from here.
  return (window[Symbol.for('lamplighter script')] = play());
}
