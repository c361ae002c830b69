// Cells of a block as spreadsheets copy it: tabs between cells, a line a row; quotes may hold both.
export function blockOf(text) {
  const rows = [[]];
  const parts = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/g;
  for (const [, quoted, plain, end] of text.replace(/\r\n?/g, "\n").matchAll(parts)) {
    const cell = quoted === undefined ? plain : quoted.replaceAll('""', '"');
    rows.at(-1).push(cell.replace(/\s+/g, " ").trim());
    if (end === "\n") rows.push([]);
    else if (!end) break;
  }
  const last = rows.at(-1);
  if (rows.length > 1 && (!last.length || (last.length === 1 && !last[0]))) rows.pop();
  return rows;
}
