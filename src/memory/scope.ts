/** The scopes within which trades are alike. */

/** Trades of live runs are of one market, whichever run made them. */
export const liveScope = 'live'

/** The scope of a run's trades: a made market is another for each scenario. */
export function scopeOf({ verb, scenario }: { readonly verb: string; readonly scenario: string }): string {
  return verb === 'live' ? liveScope : `made:${scenario}`
}
