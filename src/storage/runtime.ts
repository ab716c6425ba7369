/** What runs this program, where that is not Node: some of what Node has is missing there. */

/** `Bun 1.4.5` or `Deno 2.9.6`; undefined in Node. */
export function otherRuntime(): string | undefined {
  const { bun, deno } = process.versions
  if (bun !== undefined) return `Bun ${bun}`
  return deno === undefined ? undefined : `Deno ${deno}`
}
