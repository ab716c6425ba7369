/** Logistics, the rest of the world: ships through the strait each region's trade depends on, from the IMF's PortWatch. */

import { type MoatSource, numberAt } from './source.js'

const layer = '/weJ1QsnbMYJlCHdG/arcgis/rest/services/Daily_Chokepoints_Data/FeatureServer/0/query'

/** PortWatch's numbers of the Suez Canal and the Strait of Malacca. */
const straits: Readonly<Record<string, string>> = { Europe: 'chokepoint1', Asia: 'chokepoint5' }

/** https://portwatch.imf.org: daily transits, published weekly, no key; `{features: [{attributes: {date, portid, n_total}}]}`. */
export const freight: MoatSource = {
  name: 'freight',
  moat: 'logistics',
  url: 'https://services9.arcgis.com',
  env: 'MYCELIA_FREIGHT_URL',
  intervalMs: 5_000,
  pollMs: 3_600_000,
  questions: Object.entries(straits).map(([stream, port]) => ({
    path: () => {
      const where = encodeURIComponent(`portid='${port}'`)
      const order = encodeURIComponent('date DESC')
      return `${layer}?where=${where}&outFields=date,portid,n_total&orderByFields=${order}&resultRecordCount=1&f=json`
    },
    read: answer => ({ [stream]: numberAt(answer, 'features', 0, 'attributes', 'n_total') }),
  })),
}
