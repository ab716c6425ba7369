/** `mycelia/market`: the door to the market laboratory: candles and markets, the swarm, a strategy of your own. Runs anywhere. */

// strategies: your own, and the swarm it is compared with; signals from latency; launched tokens
export { Analyst, bookSchema, FeedMessages, launchScenario, launchSchema, netTraceScenario } from './agents/index.js'
export { netTraceSchema, orderBookScenario, spotFuturesScenario, squeezeScenario, Swarm, swarmCollect } from './agents/index.js'
export { swarmScenario, swarmSchema, TechnicalAnalysis, spotFuturesSchema, squeezeSchema } from './agents/index.js'
export type { Analysts, ApprovedPattern, BookOptions, BookParameters, BookWorld, DeployedAnalyst } from './agents/index.js'
export type { FeedMessage, LaunchModel, LaunchOptions, LaunchScenarioOptions, LaunchWorld, NetTrace } from './agents/index.js'
export type { NetTraceModel, NetTraceScenarioOptions, OrderBookModel, OrderBookScenarioOptions } from './agents/index.js'
export type { SpotFuturesScenarioOptions, SqueezeScenarioOptions, SwarmModel, SwarmParameters } from './agents/index.js'
export type { SwarmScenarioOptions, SpotFutures, Squeeze, SpotFuturesModel, SqueezeWorld } from './agents/index.js'

// indicators: fed one bar at a time, and the vote made of them; metrics of a portfolio of trades
export { analysisNext, analysisState, atrNext, atrState, averageNext, averageState, bollingerNext } from './trading/index.js'
export { bollingerState, macdNext, macdState, regimeOf, rsiNext, rsiState, technicalVote } from './trading/index.js'
export { type MetricName, type Metrics, metricNames } from './trading/index.js'
export type { AnalysisState, AtrState, AverageState, BollingerState, MacdState, RsiState, Vote } from './trading/index.js'

// messages: the topics of the swarm, and what is said there
export { BaselineIdeas, CrossMoatSignals, Fills, LeadingPolicies, MarketData, MarketRevisions } from './trading/index.js'
export { Decisions, MarketTicks, Marks, moatData, MycelialIdeas, PatternLog, patternStatuses } from './trading/index.js'
export { portfolioNames, Recommendations, SynthesizedTrades, SystemControl, teams, TradeConfirmations } from './trading/index.js'
export type { CrossMoatSignal, Direction, ExitReason, Features, Fill, Halt, Idea, IdeaSource } from './trading/index.js'
export type { PatternRow, PatternStatus, PolicyChange, Recommendation, Style, Team, PortfolioMarks } from './trading/index.js'
export type { PortfolioName, Trade, ValueBasis } from './trading/index.js'

// risk gate: rules, limits and profiles, and the record of what was decided
export { accountSpecs, defineRule, gateOnBar, gateOnEntry, gateOnFill, gateOnStep, gateOnTrade, higher } from './trading/index.js'
export { houseRules, intersection, judge, limitSpecs, lower, newGate, quantityUnder, quantityWithin } from './trading/index.js'
export { same, shippedProfiles, strictest, union } from './trading/index.js'
export type { Account, Answer, DecidedSignal, Decision, Gate, GateKeeper, GateKeepers, GateScope } from './trading/index.js'
export type { HeldPosition, HouseSpecs, Intent, JoinedSpecs, JointVerdict, Limits, LimitsOf, LimitSpec } from './trading/index.js'
export type { LimitSpecs, PairMarket, Pause, Profile, Recall, Rule, RuleOptions, RecalledTrade } from './trading/index.js'
export type { Shrinkage, Stage, Stricter, Verdict, Waiver } from './trading/index.js'

// venues: where orders are executed, on paper and on bonding curves
export { curveVenue, illegalEvents, launchCurve, newCurveMarket, newPaperBroker, openQuote } from './exchange/index.js'
export { paperBroker, publishedCurve, rejectCodes, tokensFor, tradeQuote, unlimitedClearing } from './exchange/index.js'
export type { Acceptance, Accepted, Cancelled, CancelRequest, Clearing, Curve, CurveMarket } from './exchange/index.js'
export type { CurveTerms, Execution, Expired, FeeTier, Filled, IllegalEvent, InstrumentRules } from './exchange/index.js'
export type { Lamports, Offer, OfOrder, Order, OrderEvent, OrderRequest, Orders, OrderState } from './exchange/index.js'
export type { PaperBroker, PaperCosts, PaperSettings, Quote, Refused, RejectCode, Rejected, Side } from './exchange/index.js'
export type { Slot, TimePassed, TokenUnits, Venue, VenueState } from './exchange/index.js'

// data: instruments, candles and moat signals, and how they and times are read from text
// markets: made or replayed, and how real they look
// units: of time and money
export { newsSchema, netSchema, plantedShockSchema, ownInstrumentsSchema, sessionCalendar } from './market/index.js'
export { sessionSchema, BarFlag, CandleSeries, defaultPairs, instrument, instruments, moats } from './market/index.js'
export { moatStreams, formatTime, formatTimeframe, parseMoatCsv, parseTime, parseTimeframe } from './market/index.js'
export { rejectReasons, defaultMarket, denseMarket, network, plantedCauseSchema, realismTable } from './market/index.js'
export { replayMarket, sparseMarket, synthetic, syntheticMarket, syntheticSchema, volatilityRegimes } from './market/index.js'
export type { NewsOptions, Headline, NewsMarketOptions, Bar, Candle, Instrument, InstrumentTable } from './market/index.js'
export type { MarketTrade, NamedInstrument, OwnInstruments, Moat, MoatSignal, OutsideMoat, Session } from './market/index.js'
export type { SessionCalendar, CandleFormat, MoatSeries, ParsedMoat, RejectCounts, RejectReason } from './market/index.js'
export type { MarketInput, MarketSource, MarketTick, MoatStreams, PlantedCause, PlantedShock } from './market/index.js'
export type { RealismGrid, RealismRow, RealismSeries, ReplayOptions, ReplayRange, SyntheticOptions } from './market/index.js'
export type { NetHop, NetOptions, NetScan, NetworkMarketOptions, VolatilityRegime } from './market/index.js'
export { DAY_MS, fromUsdE6, HOUR_MS, MINUTE_MS, type QtyE8, SECOND_MS, type UsdE6 } from './core/index.js'
