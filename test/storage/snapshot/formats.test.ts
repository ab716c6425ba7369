/** Snapshots as JSON, TOON and protobuf: one schema, the same content, and no byte that may change unseen. */
import { describe, expect, it } from 'vitest'
import { fieldNumbers } from '../../../src/storage/snapshot/field-numbers.js'
import { snapshotBytes, snapshotFormats, snapshotFrom } from '../../../src/storage/snapshot/formats.js'
import { snapshotProto } from '../../../src/storage/snapshot/proto.js'
import { times } from '../../tier.js'
import { madeSnapshot, madeToken, OTHER } from './made.js'

describe('a snapshot', () => {
  it.each(snapshotFormats)('comes back from %s as it was, 2⁶⁴ − 1 and what is not known included', async format => {
    const bare = madeToken({ mint: OTHER, curve: null, news: null, social: null, top_ten: null, volumes: [], multi_launch: null })
    const snapshot = madeSnapshot({ marketData: [madeToken(), bare], bots: [] })
    const { snapshot: read, older } = await snapshotFrom(await snapshotBytes(snapshot, format), format, 'a file')
    expect(read).toEqual(snapshot)
    expect(older).toBeNull()
  })

  it.each(snapshotFormats)('any flipped byte of a %s file is found', async format => {
    const bytes = await snapshotBytes(madeSnapshot(), format)
    for (let i = 0; i < bytes.length; i += 13 / times(1, 13)) {
      const flipped = bytes.slice()
      flipped[i] = (flipped[i] as number) ^ (1 << (i % 8))
      await expect(snapshotFrom(flipped, format, 'a file'), `byte ${i}`).rejects.toThrow(/a file/)
    }
  })

  it.each(snapshotFormats)('half of a %s file is refused by name', async format => {
    const bytes = await snapshotBytes(madeSnapshot(), format)
    await expect(snapshotFrom(bytes.slice(0, bytes.length >> 1), format, 'a file')).rejects.toThrow(/^a file/)
    await expect(snapshotFrom(new Uint8Array(), format, 'a file')).rejects.toThrow(/^a file/)
  })

  it('is the same .proto file for ever: no field gets another number', async () => {
    await expect(snapshotProto()).toMatchFileSnapshot('snapshot.proto')
    for (const numbers of Object.values(fieldNumbers))
      expect(new Set(Object.values(numbers)).size).toBe(Object.keys(numbers).length)
  })
})
