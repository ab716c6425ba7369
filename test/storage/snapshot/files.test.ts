/** Snapshot files: whole or not there, for their owner alone, and refused where they are wrong. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { armFaults } from '../../../src/core/index.js'
import { readSnapshotFile, snapshotFile, writeSnapshot } from '../../../src/storage/snapshot/files.js'
import { readSnapshot } from '../../../src/storage/snapshot/read.js'
import { madeSnapshot, madeToken, NOON } from './made.js'

const top = mkdtempSync(join(tmpdir(), 'mycelia-snapshots-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))
let folder = top
beforeEach(() => {
  folder = mkdtempSync(join(top, 'one-'))
})

describe('a snapshot file', () => {
  it.each(['json', 'toon', 'pb'] as const)('as %s is for its owner alone, and reads back', async format => {
    const path = await writeSnapshot(folder, madeSnapshot(), format)
    expect(path).toBe(join(folder, `user_alice.${format}`))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await readSnapshotFile(path)).snapshot).toEqual(madeSnapshot())
  })

  it('is there whole or not at all, whenever the process dies', async () => {
    for (const point of ['storage.file', 'storage.rename']) {
      const disarm = armFaults(name => {
        if (name === point) throw new Error('the power is gone')
      })
      onTestFinished(disarm)
      await expect(writeSnapshot(folder, madeSnapshot(), 'json')).rejects.toThrow()
      disarm()
      expect(readdirSync(folder)).toEqual([])
    }
  })

  it.each([
    ['../../etc/passwd'],
    ['/etc/passwd'],
    ['..'],
    ['.'],
    ['Alice'],
    ['a/b'],
    ['a\\b'],
    ['nul\u0000'],
    ['x'.repeat(190)],
    ['~0'],
    ['=1+1'],
  ])('of the user %j is a plain name in the folder, and no other user’s', async userId => {
    expect(snapshotFile(userId, 'json')).toMatch(/^user_~[0-9a-f]{32}\.json$/)
    expect(snapshotFile(userId, 'json')).not.toBe(snapshotFile(userId.toLowerCase() + '_', 'json'))
    await writeSnapshot(folder, madeSnapshot({ userId }), 'json')
    expect(readdirSync(folder)).toEqual([snapshotFile(userId, 'json')])
  })

  it.each([
    [
      'a key pair',
      { note: '4wBqpZM9xaSheZzJSMawUKKwhdpChKbZ5eu5ky4Vigw6hv9WE2zfTBHEBVnHpzqZJ7MZGxLtgFSKiHsEFYnNqBr4'.slice(0, 88) },
    ],
    ['a field called private_key', { private_key: 'x' }],
    ['64 bytes', { bytes: Array.from({ length: 64 }, (_, i) => i) }],
    ['bytes as text', { note: `[${Array.from({ length: 64 }, (_, i) => i)}]` }],
    ['twelve words', { note: 'legal winner thank year wave sausage worth useful legal winner thank yellow' }],
    ['an API key', { note: 'sk-abcdefghijklmnopqrstuv' }],
    ['a PEM', { note: '-----BEGIN PRIVATE KEY-----' }],
    ['a JWT', { note: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc' }],
  ])('with a secret is not written: %s', async (_, extra) => {
    const snapshot = madeSnapshot({ balances: [{ asset: 'SOL', amount: '1', ...extra }] })
    await expect(writeSnapshot(folder, snapshot, 'json')).rejects.toThrow(/expected no secret/)
    expect(readdirSync(folder)).toEqual([])
  })
})

const wrongs: readonly [string, Record<string, unknown>, RegExp][] = [
  [
    'a mint of 31 bytes',
    { marketData: [{ ...madeToken(), mint: 'So1111111111111111111111111111111111111111' }] },
    /marketData\.0\.mint: expected a mint: 32 bytes/,
  ],
  [
    'a mint with a 0',
    { marketData: [{ ...madeToken(), mint: '0o11111111111111111111111111111111111111112' }] },
    /32 bytes in base58/,
  ],
  [
    'a negative amount',
    { balances: [{ asset: 'SOL', amount: -1 }] },
    /balances\.0\.amount: expected a whole number from 0 to 2\^64/,
  ],
  ['NaN', { balances: [{ asset: 'SOL', amount: Number.NaN }] }, /balances\.0\.amount/],
  ['2⁶⁴', { balances: [{ asset: 'SOL', amount: '18446744073709551616' }] }, /balances\.0\.amount/],
  ['an unsafe number', { balances: [{ asset: 'SOL', amount: 2 ** 53 }] }, /balances\.0\.amount/],
  ['a transaction id twice', { transactions: [tx('a'), tx('a')] }, /every transaction id once/],
  ['two profiles', { profile: [madeSnapshot().profile, madeSnapshot().profile] }, /profile/],
  ['a mint twice', { marketData: [madeToken(), madeToken()] }, /every mint once/],
  ['an unknown field', { balancs: [] }, /Unknown field of a file "balancs"\. Did you mean "balances"/],
  ['a newer major', { schema_version: '3.0' }, /schema_version: expected 2\.0 or older, got "3\.0"/],
  ['no version at all', { schema_version: 'new' }, /a version such as/],
]
function tx(id: string) {
  return { ...madeSnapshot().transactions[0], id }
}

describe('a snapshot that is wrong', () => {
  it.each(wrongs)('is refused by name: %s', (_, changed, says) => {
    expect(() => readSnapshot({ ...madeSnapshot(), ...changed }, 'a file')).toThrow(says)
  })

  it('of the first major is read with what it lacked: nobody has consented there', () => {
    const first = { userId: 'bob', generated_at: NOON, balances: [], portfolio: [], transactions: [], marketData: [] }
    const { snapshot, older } = readSnapshot({ ...first, schema_version: '1.3', profile: { style: 'swing' } }, 'a file')
    expect(older).toBe('1.3')
    expect(snapshot).toMatchObject({
      schema_version: '2.0',
      last_fetched_at: NOON,
      bots: [],
      profile: { consents: [], style: 'swing' },
    })
  })

  it('of a later minor is read without the fields that are new', () => {
    const { snapshot } = readSnapshot({ ...madeSnapshot(), schema_version: '2.7', mood: 'new' }, 'a file')
    expect(snapshot).toEqual(madeSnapshot({ schema_version: '2.7' }))
  })

  it('may begin with a byte order mark, and be laid out as one likes', async () => {
    const path = join(folder, 'mine.json')
    writeFileSync(path, `\uFEFF${JSON.stringify(madeSnapshot(), null, 2)}`)
    expect((await readSnapshotFile(path)).snapshot).toEqual(madeSnapshot())
  })
})
