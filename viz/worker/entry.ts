import { simulate } from 'mycelia'
import wealth from '../../scenarios/wealth.js'

self.onmessage = () => self.postMessage(simulate(wealth, { seed: 1 }).digest)
