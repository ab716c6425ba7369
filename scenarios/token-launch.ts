/** Token launches on bonding curves: creators, snipers, whales and a crowd make the prices, and some creators mean to sell. */

import { launchScenario } from 'mycelia/market'

export default launchScenario({ name: 'token-launch', title: 'Token launches on a bonding curve' })
