{#
    Every indicator of every scheme and survey year, with its share of the scheme's weights. Scheme `bmn` is the survey
    itself: all its items, without weights, by which nobody is poor. Schemes of observations hold in every year.
#}
with survey_rounds as (
    select
        survey_round,
        item_count,
        generate_series(first_survey_year_be, last_survey_year_be) as survey_year_be
    from {{ ref('survey_rounds') }}
),

items as (
    select
        items.*,
        'bmn' || rounds.item_count || '_' || lpad(cast(items.item_no as text), 2, '0') as indicator_id,
        rounds.survey_year_be
    from {{ ref('survey_items') }} as items
    inner join survey_rounds as rounds on items.survey_round = rounds.survey_round
),

income_lines as (
    select * from {{ ref('income_lines') }}
),

years as (
    select distinct survey_year_be from survey_rounds
),

unioned as (
    select
        schemes.scheme_id,
        schemes.survey_year_be,
        'household_survey' as measured_from,
        'household' as unit_kind,
        items.indicator_id,
        items.item_no,
        used.dimension,
        used.weight,
        null as deprived_when,
        schemes.rule,
        schemes.poverty_cutoff,
        schemes.is_provisional or items.is_provisional as is_provisional,
        schemes.name_th as scheme_th,
        schemes.name_en as scheme_en,
        items.label_th,
        items.label_en
    from {{ ref('poverty_schemes') }} as schemes
    inner join {{ ref('poverty_scheme_items') }} as used
        on
            schemes.scheme_id = used.scheme_id
            and schemes.survey_year_be = used.survey_year_be
            and schemes.survey_round = used.survey_round
    inner join items
        on
            used.survey_year_be = items.survey_year_be
            and used.survey_round = items.survey_round
            and used.item_no = items.item_no
    union all
    select
        'bmn',
        survey_year_be,
        'household_survey',
        'household',
        indicator_id,
        item_no,
        category,
        null,
        null,
        null,
        null,
        is_provisional,
        'แบบสำรวจ จปฐ. ทุกข้อ',
        'Basic-needs survey, every item',
        label_th,
        label_en
    from items
    union all
    select
        schemes.scheme_id,
        years.survey_year_be,
        'indicator_observation',
        schemes.unit_kind,
        indicators.indicator_id,
        null,
        indicators.dimension,
        indicators.weight,
        indicators.deprived_when,
        schemes.rule,
        schemes.poverty_cutoff,
        schemes.is_provisional,
        schemes.name_th,
        schemes.name_en,
        indicators.label_th,
        indicators.label_en
    from {{ ref('observation_schemes') }} as schemes
    inner join {{ ref('observation_indicators') }} as indicators on schemes.scheme_id = indicators.scheme_id
    cross join years
),

final as (
    select
        unioned.scheme_id,
        unioned.survey_year_be,
        unioned.indicator_id,
        unioned.measured_from,
        unioned.unit_kind,
        unioned.item_no,
        unioned.dimension,
        unioned.weight,
        unioned.weight / sum(unioned.weight) over (
            partition by unioned.scheme_id, unioned.survey_year_be
        ) as weight_share,
        coalesce(observed.cutoff, income_lines.income_line_baht) as cutoff,
        coalesce(unioned.deprived_when, case when income_lines.income_line_baht is not null then 'below' end)
            as deprived_when,
        unioned.rule,
        unioned.poverty_cutoff,
        unioned.is_provisional or coalesce(income_lines.is_provisional, false) as is_provisional,
        unioned.scheme_th,
        unioned.scheme_en,
        unioned.label_th,
        unioned.label_en
    from unioned
    left join income_lines
        on
            unioned.measured_from = 'household_survey'
            and unioned.survey_year_be = income_lines.survey_year_be
            and unioned.item_no = income_lines.item_no
    left join {{ ref('observation_indicators') }} as observed
        on unioned.scheme_id = observed.scheme_id and unioned.indicator_id = observed.indicator_id
)

select * from final
