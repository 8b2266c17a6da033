/* The physical limit of the search: the same rules and the same score as `matching/engine/fast/index/lanes.py`, for 64
   capacities that stand side by side, eight at a time, and nothing else. Compiled by the benchmark with -O3 -mavx2.
   Columns are numbered as in `matching/engine/fast/index/columns.py`; the benchmark checks that both answer alike. */

#include <immintrin.h>
#include <stdint.h>

#define LANES 64
#define CAPACITY_NUMBERS 15
#define CAPACITY_FLAGS 6
#define NEED_NUMBERS 24
#define NEED_FLAGS 7
#define COSTS 3
#define WAYS 5

enum { FROM, UNTIL, LIMIT, INVERSE_LIMIT, SHARE_KG, WANTED_MOST_KG, INVERSE_WANTED_KG, BUYER_TRUST,
       LOW = 8, HIGH = 12, STEEPNESS = 16, PORTION = 20 };
enum { BUYER, ORIGINS, PAYS_BY, REQUIRES, BUYER_LACKS, BUYER_HOLDS, ASKED };
enum { FIRST, LAST, MOST_KG, LEAST_KG, TOTAL_KG, SELLER_TRUST, KNOWS_LEAD, LEAST_END = 7, MOST_END = 11 };
enum { SELLER, ORIGIN, PAID_BY, SELLER_LACKS, SELLER_HOLDS, STATED };
enum { LANDED_LEAST, LANDED_HIGH, PAPERS };
enum { DAYS_LOW_LEAST, DAYS_LOW_MOST, DAYS_HIGH_LEAST, DAYS_HIGH_MOST, BEST_LOGISTICS };

typedef __m256 numbers_8;
typedef __m256i flags_8;

#define ALL(value) _mm256_set1_ps(value)
#define ALL_BITS(value) _mm256_set1_epi32(value)
#define READ(column) _mm256_loadu_ps((column) + x)
#define READ_BITS(column) _mm256_loadu_si256((const flags_8 *)((column) + x))
#define MIN(a, b) _mm256_min_ps(a, b)
#define MAX(a, b) _mm256_max_ps(a, b)
#define ABOVE(a, b) _mm256_cmp_ps(a, b, _CMP_GT_OQ)
#define BELOW(a, b) _mm256_cmp_ps(a, b, _CMP_LT_OQ)
#define AT_LEAST(a, b) _mm256_cmp_ps(a, b, _CMP_GE_OQ)
#define OR(a, b) _mm256_or_ps(a, b)
#define AND(a, b) _mm256_and_ps(a, b)
#define NONE(bits) _mm256_cmpeq_epi32(bits, _mm256_setzero_si256())
#define MEET(a, b) _mm256_and_si256(a, b)
#define LACK(a, b) _mm256_andnot_si256(b, a) /* what is in a and not in b */
#define WHERE(mask, bit) _mm256_and_si256(mask, ALL_BITS(bit))
#define WHERE_NOT(mask, bit) _mm256_andnot_si256(mask, ALL_BITS(bit))
#define AS_BITS(mask) _mm256_castps_si256(mask)
#define AS_MASK(bits) _mm256_castsi256_ps(bits)
#define JOIN(a, b) _mm256_or_si256(a, b)

/* Bits of the rules, in the order of RULE_CODES. */
enum { SIDES_FAILS = 1, PARAMETERS_FAILS = 4, CERTIFICATES_FAILS = 8, LAW_FAILS = 16, TIME_FAILS = 32,
       QUANTITY_FAILS = 64, PRICE_FAILS = 128, PAYMENT_FAILS = 256 };

static void judge(const float *restrict q, const int32_t *restrict asks, const float *restrict n,
                  const int32_t *restrict f, const float *restrict cost, const float *restrict way,
                  const int32_t *restrict law, const float *restrict w, const float *restrict line,
                  int32_t *restrict fails, float *restrict best)
{
    const numbers_8 none = _mm256_setzero_ps(), one = ALL(1.0f), half = ALL(0.5f);
    for (int x = 0; x < LANES; x += 8) {
        numbers_8 first = READ(n + FIRST * LANES), last = READ(n + LAST * LANES);
        numbers_8 fits_from = MAX(ALL(q[FROM]) - last, none), fits_until = ALL(q[UNTIL]) - first;
        numbers_8 low_least = READ(way + DAYS_LOW_LEAST * LANES), low_most = READ(way + DAYS_LOW_MOST * LANES);
        numbers_8 high_least = READ(way + DAYS_HIGH_LEAST * LANES), high_most = READ(way + DAYS_HIGH_MOST * LANES);
        numbers_8 least_kg = MAX(READ(n + LEAST_KG * LANES), ALL(q[SHARE_KG]));
        numbers_8 most_kg = MIN(READ(n + MOST_KG * LANES), ALL(q[WANTED_MOST_KG]));
        flags_8 asked_by_law = READ_BITS(law), required = ALL_BITS(asks[REQUIRES]);

        numbers_8 outside = none, lost = none;
        for (int i = 0; i < 4; i++) {
            numbers_8 least = READ(n + (LEAST_END + i) * LANES), most = READ(n + (MOST_END + i) * LANES);
            numbers_8 low = ALL(q[LOW + i]), high = ALL(q[HIGH + i]), room = MIN(least - low, high - most);
            numbers_8 margin = MIN(MAX(room, none) * ALL(q[STEEPNESS + i]), half);
            outside = OR(outside, OR(BELOW(least, low), ABOVE(most, high)));
            lost = lost + ALL(q[PORTION + i]) * (half - margin);
        }
        flags_8 same = _mm256_cmpeq_epi32(READ_BITS(f + SELLER * LANES), ALL_BITS(asks[BUYER]));
        flags_8 closed = NONE(MEET(READ_BITS(f + ORIGIN * LANES), ALL_BITS(asks[ORIGINS])));
        flags_8 lacked = NONE(MEET(asked_by_law, ALL_BITS(asks[BUYER_LACKS])));
        flags_8 failed = WHERE(JOIN(same, closed), SIDES_FAILS);
        failed = JOIN(failed, WHERE(AS_BITS(outside), PARAMETERS_FAILS));
        failed = JOIN(failed, WHERE_NOT(NONE(MEET(required, READ_BITS(f + SELLER_LACKS * LANES))), CERTIFICATES_FAILS));
        failed = JOIN(failed, WHERE(JOIN(_mm256_srai_epi32(asked_by_law, 31), ~lacked), LAW_FAILS));
        failed = JOIN(failed, WHERE(AS_BITS(OR(ABOVE(low_least, fits_until), BELOW(high_most, fits_from))), TIME_FAILS));
        failed = JOIN(failed, WHERE(AS_BITS(BELOW(most_kg, least_kg)), QUANTITY_FAILS));
        failed = JOIN(failed, WHERE(AS_BITS(ABOVE(READ(cost + LANDED_LEAST * LANES), ALL(q[LIMIT]))), PRICE_FAILS));
        failed = JOIN(failed, WHERE(NONE(MEET(READ_BITS(f + PAID_BY * LANES), ALL_BITS(asks[PAYS_BY]))), PAYMENT_FAILS));
        _mm256_storeu_si256((flags_8 *)(fails + x), failed);

        numbers_8 may_pass = AND(AT_LEAST(low_most, fits_from), AT_LEAST(fits_until, high_least));
        may_pass = AND(may_pass, ABOVE(READ(n + KNOWS_LEAD * LANES), none));
        numbers_8 freedom = MIN(ALL(q[UNTIL]), last + high_most) - MAX(ALL(q[FROM]), first + high_least);
        numbers_8 time = MIN(ALL(line[4]) + ALL(line[5]) * MAX(freedom, none), one);
        numbers_8 moved = MIN(READ(n + TOTAL_KG * LANES) * ALL(q[INVERSE_WANTED_KG]), one);
        numbers_8 room = one - READ(cost + LANDED_HIGH * LANES) * ALL(q[INVERSE_LIMIT]);
        numbers_8 price = MIN(ALL(line[0]) + ALL(line[1]) * room, ALL(line[2]) + ALL(line[3]) * (room - ALL(line[6])));
        price = AND(AT_LEAST(room, ALL(line[8])), MIN(price, ALL(line[7])));
        flags_8 missing = LACK(required, READ_BITS(f + SELLER_HOLDS * LANES));
        flags_8 holds = NONE(JOIN(missing, LACK(asked_by_law, ALL_BITS(asks[BUYER_HOLDS]))));
        flags_8 stated = NONE(LACK(ALL_BITS(asks[ASKED]), READ_BITS(f + STATED * LANES)));
        numbers_8 trust = half * (ALL(q[BUYER_TRUST]) + READ(n + SELLER_TRUST * LANES));
        numbers_8 score = ALL(w[0]) * price + AND(may_pass, ALL(w[1]) * moved + ALL(w[3]) * time);
        score = score + AND(AS_MASK(stated), ALL(w[2]) * (one - lost));
        score = score + AND(AS_MASK(holds), ALL(w[4]) * READ(cost + PAPERS * LANES));
        score = score + ALL(w[5]) * READ(way + BEST_LOGISTICS * LANES) + ALL(w[6]) * trust;
        _mm256_storeu_ps(best + x, score + ALL(line[9]));
    }
}

/* Every need against every block; a lane of each answer is added up, so that none is left out. */
double judge_all(const float *needs, const int32_t *asks, int64_t n_needs, const float *numbers, const int32_t *flags,
                 int64_t n_blocks, const float *costs, const float *ways, const int32_t *laws, const float *weights,
                 const float *line, int32_t *fails, float *best)
{
    double sum = 0;
    for (int64_t i = 0; i < n_needs; i++)
        for (int64_t b = 0; b < n_blocks; b++) {
            judge(needs + i * NEED_NUMBERS, asks + i * NEED_FLAGS, numbers + b * CAPACITY_NUMBERS * LANES,
                  flags + b * CAPACITY_FLAGS * LANES, costs + b * COSTS * LANES, ways + b * WAYS * LANES,
                  laws + b * LANES, weights, line, fails, best);
            sum += (double)best[(i + b) % LANES] + fails[(i + b) % LANES];
        }
    return sum;
}
