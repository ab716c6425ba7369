/** NetTrace: does the network know before the price does? Half of the outages move prices ten to fifteen minutes later. */

import { netTraceScenario, network } from 'mycelia/market'

export default netTraceScenario({ name: 'nettrace', title: 'Latency signals', market: network() })
