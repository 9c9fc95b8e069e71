import { sortedBy } from '../../primitives/stable';

/** From what it is to what may be left unread. */
export const TOP_KEYS = ['name', 'include', 'services', 'models', 'networks', 'volumes', 'configs', 'secrets'];

/** What it runs; with what; how others reach it; what it keeps; when it starts and ends; what it may do; what it costs and tells. */
export const SERVICE_KEYS = [
  'image', 'build', 'develop', 'extends', 'provider', 'platform', 'pull_policy', 'pull_refresh_after', 'profiles', 'scale', 'container_name', 'hostname', 'domainname',
  'entrypoint', 'command', 'working_dir', 'environment', 'env_file', 'stdin_open', 'tty', 'attach', 'models',
  'ports', 'expose', 'networks', 'network_mode', 'links', 'external_links', 'extra_hosts', 'dns', 'dns_opt', 'dns_search', 'mac_address',
  'volumes', 'volumes_from', 'configs', 'secrets', 'tmpfs', 'shm_size', 'storage_opt',
  'depends_on', 'healthcheck', 'restart', 'post_start', 'pre_stop', 'init', 'stop_signal', 'stop_grace_period',
  'user', 'group_add', 'read_only', 'privileged', 'cap_add', 'cap_drop', 'security_opt', 'credential_spec', 'use_api_socket',
  'devices', 'device_cgroup_rules', 'gpus', 'runtime', 'isolation', 'ipc', 'pid', 'uts', 'userns_mode', 'cgroup', 'cgroup_parent', 'sysctls', 'ulimits',
  'deploy', 'cpus', 'cpu_count', 'cpu_percent', 'cpu_period', 'cpu_quota', 'cpu_rt_period', 'cpu_rt_runtime', 'cpu_shares', 'cpuset',
  'mem_limit', 'mem_reservation', 'mem_swappiness', 'memswap_limit', 'oom_kill_disable', 'oom_score_adj', 'pids_limit', 'blkio_config',
  'logging', 'labels', 'label_file', 'annotations',
];

/** A copy whose keys are in the order of `keys`; others follow by name. */
export function inKeyOrder(record: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  const rank = (key: string) => {
    const index = keys.indexOf(key);
    return index < 0 ? `~${key}` : String(index).padStart(3, '0');
  };
  return Object.fromEntries(sortedBy(Object.entries(record), ([key]) => rank(key)));
}
