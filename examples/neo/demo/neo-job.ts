/** The job of the demo, as its author names and dates it. */
export const neoJob = {
  project: 'space',
  namespace: 'observatory',
  name: 'is_last_day_on_earth',
  owner: 'kush.sharma@example.io',
  task: 'neo',
  startDate: '2022-09-18',
  endDate: '2022-09-25',
  interval: '0 2 * * *',
  /** How many ticks lie in its dates. */
  runCount: 7,
  secret: 'neo_api_key',
} as const;

/** NASA's public key; the feed of the demo takes no other. */
export const apiKey = 'DEMO_KEY';
