/** The door of platform/telemetry: health and metrics, and the routes that show them. */
export { Health, type HealthCheck, type HealthReport } from './health.js';
export { createMetrics, type Metrics } from './metrics.js';
export { registerMonitoring } from './routes.js';
