#include "parley/tests/random/specs/random.hpp"

#include "parley/checker/catalog.hpp"
#include "parley/checker/cli/compiled_engine.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/rc11/protocol/entry.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Engines are held to each other on random protocols: what one of them violates the others violate.
// Which of several properties is named is up to the engine. They see the same runs of most
// protocols; of others some engines have more (see specs::random::Options), and what is found in
// fewer runs has to be found in more.

namespace parley::tests {

namespace {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

/// How many protocols are compared; PARLEY_RANDOM_PROTOCOLS says otherwise.
int protocols_wanted() {
    const char* text = std::getenv("PARLEY_RANDOM_PROTOCOLS");
    return checker::read_number<int>(text != nullptr ? text : "").value_or(800);
}

const std::vector<checker::EngineEntry>& engines() {
    static const auto list = [] {
        std::vector<checker::ProtocolEntry> protocols = checker::catalog();
        cli::add_compiled_engine(protocols, PARLEY_RANDOM_COMMAND "-rc11");
        return protocols.front().engines;
    }();
    return list;
}

/// An engine that takes executions one by one does not take more than 5,000 unless it is told.
CheckOptions options_of(int seed, CheckOptions options) {
    options.bounds = {{"seed", seed}};
    options.threads = 1;
    options.executions_max = std::min<std::uint64_t>(options.executions_max, 5000);
    return options;
}
Report checked(std::string_view engine, int seed, const CheckOptions& options = {}) {
    const auto found = std::ranges::find(engines(), engine, &checker::EngineEntry::engine);
    REQUIRE(found != engines().end());
    return found->variants.front().runner.check(options_of(seed, options));
}
/// rc11 over real queues, without merging states.
Report checked_over(const char* queue, int seed) {
    CheckOptions options;
    options.scheduler = queue;
    return checked("rc11", seed, options);
}

/// "verified" and "vacuous" are told apart: they say whether a message was ever sent.
std::string verdict_of(const Report& report) {
    return std::string{checker::name_of(report.verdict)};
}

/// What has come out of comparisons: an equality of engines that find nothing, or always something,
/// says little.
class Tally {
 public:
    void add(Verdict verdict) { ++(verdict == Verdict::violated ? violated_ : sound_); }
    void leave_out() { ++left_out_; }
    void check_balance() const {
        const int all = violated_ + sound_ + left_out_;
        CAPTURE(violated_, sound_, left_out_);
        CHECK(violated_ >= all * 3 / 20);
        CHECK(sound_ >= all * 3 / 20);
        CHECK(left_out_ <= all / 6);
    }

 private:
    int violated_ = 0;
    int sound_ = 0;
    int left_out_ = 0;
};

/// Calls `compare` with the seed of each protocol, or of one in `step` of them.
void for_each_protocol(int step, const auto& compare) {
    const int wanted = protocols_wanted();
    for (int seed = 0; seed < wanted; seed += step) {
        INFO("build/release/bin/random check random --set seed=" << seed);
        compare(seed);
    }
}

/// What explore and rc11 have to agree about.
void compare(const Report& explored, const Report& report, int seed) {
    const specs::random::Options options{.seed = {seed}};
    CAPTURE(report.scheduler);
    const bool has_all_orders = report.scheduler == "channel" || !options.has_more_orders();
    const bool must_find = explored.verdict == Verdict::violated && has_all_orders;
    const bool may_find = explored.verdict == Verdict::violated || options.may_drop();
    if (must_find) CHECK(verdict_of(report) == "violated");
    if (!may_find) CHECK(verdict_of(report) != "violated");
}

}  // namespace

TEST_CASE("random protocols: rc11 finds over channels, and over queues, what explore finds") {
    Tally tally;
    for_each_protocol(1, [&](int seed) {
        const Report explored = checked("explore", seed);
        const Report over_channels = checked_over("channel", seed);
        const Report over_queues = checked_over("real", seed);
        bool is_left_out = false;
        for (const Report* report : {&over_channels, &over_queues}) {
            if (report->verdict == Verdict::incomplete) {
                is_left_out = true;
            } else {
                compare(explored, *report, seed);
            }
        }
        if (is_left_out) return tally.leave_out();
        if (!specs::random::Options{.seed = {seed}}.has_more_orders())
            CHECK(verdict_of(over_queues) == verdict_of(over_channels));
        tally.add(over_queues.verdict);
    });
    tally.check_balance();
}

TEST_CASE("random protocols: a search that merges has the executions of its parts") {
    const std::string queue = GENERATE("real", "channel");
    Tally tally;
    for_each_protocol(6, [&](int seed) {
        const Report merged = checked_over(queue.c_str(), seed);
        if (merged.verdict == Verdict::incomplete || merged.count("executions") > 1000)
            return tally.leave_out();
        CheckOptions part;
        part.scheduler = queue;
        part.shards = 2;
        std::uint64_t executions = 0;
        bool is_violated = false;
        for (part.shard = 1; part.shard <= part.shards; ++part.shard) {
            const Report report = checked("rc11", seed, part);
            if (report.verdict == Verdict::incomplete) return tally.leave_out();
            executions += report.count("executions");
            is_violated = is_violated || report.verdict == Verdict::violated;
        }
        CHECK(is_violated == (merged.verdict == Verdict::violated));
        if (!is_violated) CHECK(executions == merged.count("executions"));
        tally.add(merged.verdict);
    });
    tally.check_balance();
}

TEST_CASE("random protocols: a reduced search of explore finds what one of all states finds") {
    Tally tally;
    CheckOptions reducing;
    reducing.is_reduced = true;
    int reduced = 0;
    for_each_protocol(1, [&](int seed) {
        const Report full = checked("explore", seed);
        const Report report = checked("explore", seed, reducing);
        CHECK(verdict_of(report) == verdict_of(full));
        reduced += report.is_reduced ? 1 : 0;
        tally.add(report.verdict);
    });
    tally.check_balance();
    CHECK(reduced >= protocols_wanted() / 40);
}

TEST_CASE("random protocols: native has the executions of rc11, and the blocked ones") {
    Tally tally;
    for_each_protocol(8, [&](int seed) {
        const Report source = checked_over("real", seed);
        const Report compiled = checked("native", seed);
        if (source.verdict == Verdict::incomplete || compiled.verdict == Verdict::incomplete)
            return tally.leave_out();
        CHECK(verdict_of(compiled) == verdict_of(source));
        if (source.verdict != Verdict::violated) {
            CHECK(compiled.count("executions") == source.count("executions"));
            CHECK(compiled.count("blocked") == source.count("blocked"));
        }
        tally.add(compiled.verdict);
    });
    tally.check_balance();
}

TEST_CASE("random protocols: what relacy finds by chance explore finds", "[relacy]") {
    Tally tally;
    CheckOptions few;
    few.executions_max = 50;
    for_each_protocol(1, [&](int seed) {
        const Report sampled = checked("relacy", seed, few);
        const bool is_found = sampled.verdict == Verdict::violated;
        if (is_found && !specs::random::Options{.seed = {seed}}.may_drop())
            CHECK(verdict_of(checked("explore", seed)) == "violated");
        tally.add(sampled.verdict);
    });
    tally.check_balance();
}

}  // namespace parley::tests
