export type { Catalog, CatalogField, History, HistoryColumns, Host, Snapshot } from './api.ts';
export { type Clock, momentFormat, SYSTEM_CLOCK } from './clock.ts';
export { type ByeReason, type ControlEvents, GAP_REASONS, type GapReason, PROTOCOL } from './control.ts';
export { type Cursor, formatCursor, parseCursor } from './cursor.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { EMBED_ELEMENTS, EMBED_SIZES, EMBED_THEMES, type EmbedElement } from './embed.ts';
export { type AnyEvent, type EventName, type Events, parseEvent, readEvent } from './events.ts';
export { type Aggregate, type Fields, type FieldValues, fieldKind, type NumberMeta } from './field.ts';
export { blankValues, type Metric, type Sum } from './metric.ts';
export {
  DEFAULT_METRICS,
  isMetricName,
  METRIC_NAMES,
  type MetricEvents,
  type MetricName,
  type MetricValues,
  metrics,
} from './metrics/registry.ts';
export { PACE_NAMES, PACES, type Pace, parsePace } from './pace.ts';
export {
  encodeHead,
  encodeRecorded,
  isRecorded,
  MAX_RECORDING,
  type RecordedEvent,
  type RecordingHead,
} from './recording.ts';
export { NotARecording, RecordingReader, type Skipped } from './recording-reader.ts';
export { RecordingTime } from './recording-time.ts';
export { encodeInstance, formatSeries, instancesOf, parseSeries, type Series, seriesValue } from './series.ts';
export type { Connected, SessionInfo } from './session.ts';
export { type Formatted, formatText, formatValue, niceCeiling, type Unit } from './unit.ts';
export { type Block, type DecodedBlock, decodeBlock, encodeBlock } from './wire.ts';
