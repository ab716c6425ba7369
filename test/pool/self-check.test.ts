import { expect, it } from 'vitest'
import { ownChecks, selfCheck } from '../../src/pool/index.js'

it('a machine declares what it can compute with, with the time that took, and not what it cannot', async () => {
  const broken = async () => {
    throw new Error('no such package')
  }
  const { checksMs, failed } = await selfCheck({ ...ownChecks, onnx: broken })
  expect(Object.keys(checksMs)).toEqual(['js', 'wasm'])
  for (const ms of Object.values(checksMs)) expect(ms).toBeGreaterThan(0)
  expect(failed).toEqual({ onnx: 'no such package' })
})
