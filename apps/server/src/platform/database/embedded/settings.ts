/**
 * How the embedded PostgreSQL is set: durable, for one shop on a small machine, with a handful of connections. Given
 * on its command line, so that a newer program brings newer settings to an old data directory.
 */
import { totalmem } from 'node:os';

/** For `postgres -c name=value`. */
export function databaseSettings(): Record<string, string> {
  const megabytes = Math.floor(totalmem() / 1024 / 1024);
  return {
    // A sale that was answered survives a power cut.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: '40',
    superuser_reserved_connections: '3',
    shared_buffers: '256MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    autovacuum_work_mem: '32MB',
    effective_cache_size: `${Math.max(256, Math.floor(megabytes / 2))}MB`,
    random_page_cost: '1.1',
    huge_pages: 'off',
    // Nothing replicates from here, so less is written ahead and no sender stands by.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    // What it saves in writing it costs twice in processor, which a small machine has less of.
    wal_compression: 'off',
    wal_buffers: '8MB',
    min_wal_size: '128MB',
    // Bounds how much has to be gone through again after a kill -9: some seconds on a slow machine.
    max_wal_size: '1GB',
    checkpoint_timeout: '5min',
    checkpoint_completion_target: '0.9',
    io_method: 'sync',
    max_worker_processes: '4',
    max_parallel_workers: '2',
    max_parallel_workers_per_gather: '1',
    max_parallel_maintenance_workers: '1',
    autovacuum_max_workers: '2',
    autovacuum_vacuum_scale_factor: '0.1',
    autovacuum_analyze_scale_factor: '0.05',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The log is for the database's own trouble; statements and rows, which may hold personal data, stay out of it.
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    cluster_name: 'mostrador',
  };
}
