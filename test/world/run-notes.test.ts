/** What a run says to people stands in its log, whoever said it and however early. */

import { expect, it } from 'vitest'
import type { LiveLog } from '../../src/world/live/operations/log.js'
import { RunNotes } from '../../src/world/live/operations/run-notes.js'

it('a sentence from before the log was open stands there first; all are told once and at once', () => {
  const [told, logged]: [string[], unknown[]] = [[], []]
  const notes = new RunNotes(sentence => void told.push(sentence))
  notes.say('recovered')
  notes.logTo({ event: (_: string, event: string, fields: object) => void logged.push([event, fields]) } as unknown as LiveLog)
  notes.say('a segment waits')
  expect(told).toEqual(['recovered', 'a segment waits'])
  expect(logged).toEqual(told.map(sentence => ['note', { sentence }]))
})
