/** The prices of one perpetual future: its index, the premium of its own trades over it, the mark between both, and its funding. */

import { type TimeMs, UNIT } from '../../core/index.js'
import { clamp, fundingRateE8, type PerpTerms, type PriceE8, type RateE8, toPriceE8 } from './terms.js'

/** One perpetual future. Times are those of the prices, not of their arrival; −Infinity before the first. */
export interface PerpContract {
  readonly terms: PerpTerms
  indexE8: PriceE8
  indexAt: TimeMs
  markE8: PriceE8
  markAt: TimeMs
  /** Whether the mark follows from the index; from the first mark that the exchange publishes on it does not. */
  marksItself: boolean
  /** The last price of its own trades; 0 before the first. */
  lastE8: PriceE8
  /** The latest premiums, in slot `sampled` mod size. */
  readonly premiums: Float64Array
  sampled: number
  /** Of the interval that runs: their sum and count, from which funding follows. */
  intervalE8: RateE8
  intervalSamples: number
  /** What an exchange has said the next rate will be; null: it follows from the premium. NaN: it said none that is a rate. */
  saidRate: number | null
  nextFundingAt: TimeMs | null
}

/** A future before its first price. */
export function newContract(terms: PerpTerms): PerpContract {
  return {
    terms,
    indexE8: 0,
    indexAt: Number.NEGATIVE_INFINITY,
    markE8: 0,
    markAt: Number.NEGATIVE_INFINITY,
    marksItself: true,
    lastE8: 0,
    premiums: new Float64Array(terms.premiumSamples),
    sampled: 0,
    intervalE8: 0,
    intervalSamples: 0,
    saidRate: null,
    nextFundingAt: null,
  }
}

/** Takes an index price, and marks by it unless the exchange says its marks. False: it is none, or older than the last. */
export function takeIndex(contract: PerpContract, priceUsd: number, at: TimeMs): boolean {
  const priceE8 = toPriceE8(priceUsd)
  if (priceE8 === null || !(at >= contract.indexAt)) return false
  contract.indexE8 = priceE8
  contract.indexAt = at
  if (contract.lastE8 > 0) samplePremium(contract)
  if (!contract.marksItself) return true
  const premiumE8 = clamp(meanPremium(contract), contract.terms.premiumCapE8)
  contract.markE8 = Math.max(1, priceE8 + Math.round((priceE8 / UNIT) * premiumE8))
  contract.markAt = at
  return true
}

/** Takes the mark that an exchange publishes. False: it is none, or older than the last. */
export function takeMark(contract: PerpContract, priceUsd: number, at: TimeMs): boolean {
  const priceE8 = toPriceE8(priceUsd)
  if (priceE8 === null || !(at >= contract.markAt)) return false
  contract.markE8 = priceE8
  contract.markAt = at
  contract.marksItself = false
  return true
}

/** Takes a price of the future's own trades. */
export function takeLast(contract: PerpContract, priceE8: PriceE8): void {
  contract.lastE8 = priceE8
}

function samplePremium(contract: PerpContract): void {
  const { premiums, indexE8, lastE8 } = contract
  const premiumE8 = Math.round(((lastE8 - indexE8) / indexE8) * UNIT)
  premiums[contract.sampled % premiums.length] = premiumE8
  contract.sampled++
  contract.intervalE8 += premiumE8
  contract.intervalSamples++
}

function meanPremium({ premiums, sampled }: PerpContract): RateE8 {
  const n = Math.min(sampled, premiums.length)
  if (n === 0) return 0
  let sum = 0
  for (let i = 0; i < n; i++) sum += premiums[i] as number
  return Math.round(sum / n)
}

/** Whether funding is due by `time`: at whole multiples of its interval. The first call begins the first interval. */
export function isFundingDue(contract: PerpContract, time: TimeMs): boolean {
  const { fundingMs } = contract.terms
  contract.nextFundingAt ??= (Math.floor(time / fundingMs) + 1) * fundingMs
  return time >= contract.nextFundingAt
}

/** Ends the interval, and says its rate; null: it is not known, so that nobody pays. */
export function takeFundingRate(contract: PerpContract, time: TimeMs): RateE8 | null {
  const rateE8 = nextRateE8(contract)
  contract.intervalE8 = 0
  contract.intervalSamples = 0
  contract.saidRate = null
  // Of several intervals that nothing was heard of, one is paid.
  contract.nextFundingAt = (Math.floor(time / contract.terms.fundingMs) + 1) * contract.terms.fundingMs
  return rateE8
}

/** The rate of the interval that runs, as it stands; null: it is not known. */
export function nextRateE8({ terms, saidRate, intervalE8, intervalSamples }: PerpContract): RateE8 | null {
  if (saidRate === null) return fundingRateE8(terms, intervalSamples === 0 ? 0 : Math.round(intervalE8 / intervalSamples))
  return Number.isFinite(saidRate) ? clamp(Math.round(saidRate * UNIT), terms.fundingCapE8) : null
}

/** Why nothing may be entered now; null: there is no reason. */
export function entryFault(contract: PerpContract, time: TimeMs): string | null {
  if (contract.markE8 === 0) return 'noMark'
  if (!(time - contract.indexAt <= contract.terms.maxIndexAgeMs)) return 'staleIndex'
  return nextRateE8(contract) === null ? 'badFunding' : null
}
