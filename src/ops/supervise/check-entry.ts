/** The program of the thread that checks a database: a large one takes longer than a heartbeat may wait. */

import { parentPort, workerData } from 'node:worker_threads'
import { quickCheck } from '../../storage/index.js'

parentPort?.postMessage(quickCheck(workerData as string))
