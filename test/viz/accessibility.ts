/** What axe-core finds on the page that is serious or worse, in short. */
export async function seriousIn(): Promise<string[]> {
  interface Finding {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly html: string }[]
  }
  const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Finding[] }> } }
  const { violations } = await axe.run()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return serious.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 120)}`))
}
