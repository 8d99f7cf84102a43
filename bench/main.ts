import { benchAlerts } from "./alerts.ts";
import { benchBacktest } from "./backtest.ts";
import { benchCore } from "./decisions.ts";
import { benchServers } from "./servers.ts";
import { benchStores } from "./stores.ts";

/*
 * Measures what this library's design promises, each figure beside a floor of the same run. Absolute times mean nothing
 * from one machine, or one run, to another; the ratios do. BENCH_EXISTING=1000000 measures with a million issues there. Servers
 * that the environment names, as for the tests, are measured too.
 */
console.log(`Node ${process.version}, ${process.platform} ${process.arch}`);
await benchCore();
await benchBacktest();
await benchStores();
await benchAlerts();
await benchServers();
