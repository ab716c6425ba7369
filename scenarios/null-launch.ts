/** The null of token launches: what a launch secretly is shows in nothing that can be seen before its creator sells. */

import { launchScenario } from 'mycelia/market'

export default launchScenario({ name: 'null-launch', title: 'Launches that show nothing', params: { leak: 0 } })
