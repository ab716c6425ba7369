/** Rows of flat typed arrays: what all lanes share. */

/** Copies row `from` over row `to`, so that the last entry takes the place of one that leaves. */
export function moveRow(rows: Int32Array | Float64Array, from: number, to: number, width: number): void {
  for (let i = 0; i < width; i++) rows[to * width + i] = rows[from * width + i] as number
}
