/** Every bound of this room in one place; what overflows is counted where it happens. */

export const opsLimits = {
  /** Notices that wait for a channel at most; then the oldest of the least severity is dropped. */
  noticesWaiting: 1_000,
  /** Keys of which it is remembered that they were told. */
  noticeKeys: 10_000,
  /** Characters of a notice. */
  noticeText: 1_500,
  noticeKey: 200,
  /** Bytes of `notices.jsonl`; then it becomes `notices.jsonl.1`, and the one before goes. */
  auditBytes: 32 << 20,
  /** Names looked at in the folder of acknowledgements at one time. */
  acknowledgements: 100,
  /** Children of one supervisor. */
  children: 32,
  /** Heartbeats of one child that are taken in a second; more are counted and left. */
  beatsPerSecond: 20,
  /** Bytes of a child's log; then it becomes `<name>.log.1`. */
  childLogBytes: 16 << 20,
  /** Characters of a line without an end that are kept of a child's output. */
  childLine: 65_536,
  /** Events that the status shows. */
  eventsShown: 20,
  /** Changes of level that are looked through for what an earlier supervisor changed. */
  levelEvents: 1_000,
} as const
