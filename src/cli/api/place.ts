/** Where the REST view is served, and what its readers must carry. */

export interface ApiPlace {
  readonly port: number
  readonly listen: string | undefined
  readonly token: string | undefined
  /** The option that names the port, for errors. */
  readonly option: string
}

/** The token of the environment; undefined: none is set. */
export function tokenIn(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.MYCELIA_API_TOKEN || undefined
}
