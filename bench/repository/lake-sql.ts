import { LAKE_PROJECT, type LakeTable } from './lake.ts';

const MEASURES = ['amount', 'quantity', 'discount', 'tax', 'margin', 'clicks', 'visits', 'score'] as const;

/** The query of a table's job, in BigQuery's SQL: some 2 KB with steps, joins, macros and comments, as people write them. */
export function toQuery(lakeTable: LakeTable): string {
  const { layer, subject, reads, random } = lakeTable;
  const measures = MEASURES.filter(() => random.below(2) === 0);
  const chosen = measures.length === 0 ? (['amount'] as const) : measures;
  return `-- ${subject} of the ${layer} layer, from one tick to the next
-- The business day ends at midnight UTC; late events are taken with the day on which they arrive.
with ${reads.map((name, index) => toStep(name, index, chosen)).join(',\n')},
joined as (
  select
    base.id,
    base.customer_id,
    base.created_at,
${chosen.map((name) => `    coalesce(base.${name}, 0) as ${name},`).join('\n')}
    struct(base.country as country, base.channel as channel) as origin
  from step_0 as base
${reads
  .slice(1)
  .map((_, index) => `  left join step_${index + 1} as side_${index + 1} on side_${index + 1}.id = base.id`)
  .join('\n')}
  where base.rank_of_day = 1 /* the newest state of each row of the day */
),
aggregated as (
  select
    date(created_at) as day,
    customer_id,
    origin.country,
    array_agg(distinct origin.channel ignore nulls) as channels,
${chosen.map((name) => `    sum(${name}) as total_${name},\n    avg(if(${name} > 0, ${name}, null)) as mean_${name},`).join('\n')}
    count(*) as row_count
  from joined, unnest([origin.channel]) as channel
  group by day, customer_id, origin.country
)
select
  *,
  sum(row_count) over (partition by customer_id order by day rows between 6 preceding and current row) as week_count,
  timestamp('{{.EXECUTION_TIME}}') as loaded_at
from aggregated
qualify row_number() over (partition by day, customer_id, country order by row_count desc) = 1
`;
}

function toStep(name: string, index: number, measures: readonly string[]): string {
  return `step_${index} as (
  select
    source.id,
    source.customer_id,
    source.country,
    source.channel,
    source.created_at,
${measures.map((measure) => `    safe_cast(source.${measure} as numeric) as ${measure},`).join('\n')}
    row_number() over (partition by source.id order by source.created_at desc) as rank_of_day
  from \`${LAKE_PROJECT}.${name}\` as source
  where source.created_at >= timestamp('{{.DSTART}}')
    and source.created_at < timestamp('{{.DEND}}')
    and source.country not in ('', 'unknown')
)`;
}
