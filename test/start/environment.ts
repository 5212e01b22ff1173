/** The environment of a run on ports and a data folder of its own, whatever is set where the tests run. */
export function runEnvironment(dataFolder: string, ports: readonly number[]): NodeJS.ProcessEnv {
  const [gateway, orders, subscriptions, licenses, partners, postgres, ...metrics] = ports.map(String);
  const {
    DATABASE_URL: _database,
    NODE_OPTIONS: _options,
    LOG_LEVEL: _level,
    HOST: _host,
    ...rest
  } = process.env;
  return {
    ...rest,
    DATA_FOLDER: dataFolder,
    PORT: gateway,
    ORDERS_PORT: orders,
    SUBSCRIPTIONS_PORT: subscriptions,
    LICENSES_PORT: licenses,
    PARTNERS_PORT: partners,
    POSTGRES_PORT: postgres,
    METRICS_PORT: metrics[0],
    ORDERS_METRICS_PORT: metrics[1],
    SUBSCRIPTIONS_METRICS_PORT: metrics[2],
    LICENSES_METRICS_PORT: metrics[3],
    PARTNERS_METRICS_PORT: metrics[4],
  };
}
