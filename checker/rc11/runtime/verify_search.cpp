#include "parley/checker/rc11/runtime/verify_search.hpp"

#include "parley/checker/mix.hpp"
#include "parley/checker/rc11/division.hpp"
#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/merging.hpp"
#include "parley/checker/rc11/runtime/crash_watch.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <utility>

namespace parley::rc11 {

namespace {

/// What is kept of a search that is killed are whole units: small ones.
constexpr std::uint64_t units_kept_wanted = 10'000;

/// What executions add up to, as bytes and back: two numbers, then each outcome with its number.
UnitBytes bytes_of(const Verification& found) {
    UnitBytes bytes;
    const auto add = [&](const void* data, std::size_t size) {
        const auto* const first = static_cast<const std::byte*>(data);
        bytes.insert(bytes.end(), first, first + size);
    };
    add(&found.executions, sizeof found.executions);
    add(&found.blocked, sizeof found.blocked);
    for (const auto& [text, count] : found.outcomes) {
        const std::size_t size = text.size();
        add(&size, sizeof size);
        add(text.data(), size);
        add(&count, sizeof count);
    }
    return bytes;
}

Verification from_bytes(std::span<const std::byte> bytes) {
    const auto take = [&](void* data, std::size_t size) {
        checker::require(bytes.size() >= size, "findings are read as they were written");
        std::memcpy(data, bytes.data(), size);
        bytes = bytes.subspan(size);
    };
    Verification found;
    take(&found.executions, sizeof found.executions);
    take(&found.blocked, sizeof found.blocked);
    while (!bytes.empty()) {
        std::size_t size = 0;
        take(&size, sizeof size);
        std::string text(std::min(size, bytes.size()), '\0');
        take(text.data(), size);
        take(&found.outcomes[text], sizeof(std::uint64_t));
    }
    return found;
}

void add(Verification& sum, const Verification& found) {
    sum.executions += found.executions;
    sum.blocked += found.blocked;
    for (const auto& [text, count] : found.outcomes) sum.outcomes[text] += count;
}

/// What a search has to have in common with one that goes on from its checkpoint.
std::string text_of(const std::function<void()>& code, const VerifyOptions& options) {
    return fmt::format(
        "verify {} events={} stack={} wakeups={} failures={} accesses={} waiters={} deadlocks={} "
        "leaks={} shard={}/{}",
        code.target_type().name(), options.events_max, options.stack_bytes_max,
        options.spurious_wakeups_max, options.weak_failures_max, options.accesses_max,
        options.may_miss_waiters, options.finds_deadlocks, options.finds_leaks, options.shard,
        options.shards);
}

/// Of what each thread does; addresses among the values are others in the next process.
std::uint64_t digest_of(const Graph& graph) {
    constexpr Value small_max = UINT32_MAX;
    std::uint64_t digest = graph.threads();
    const auto add_number = [&](std::uint64_t number) {
        digest = checker::mix(digest + checker::mix_step + number);
    };
    for (ThreadId thread = 0; thread < graph.threads(); ++thread) {
        for (const EventId id : graph.thread(thread)) {
            const Event& event = graph.at(id);
            add_number(static_cast<std::uint64_t>(event.operation.kind));
            add_number(static_cast<std::uint64_t>(event.order));
            add_number(event.operation.location);
            if (event.value <= small_max) add_number(event.value);
        }
    }
    return digest;
}

/// Does `work` in a process of its own, as the one unit of a search.
SharedEnd do_elsewhere(const std::function<void()>& work,
                       const std::function<UnitBytes()>& end_unit,
                       const std::function<void(std::uint64_t, const UnitBytes&)>& take) {
    return search_shared({.processes = 1,
                          .is_wanted = [](std::uint64_t) { return true; },
                          .search =
                              [&](Units& all, const std::function<bool()>& /*stop*/) {
                                  all.begin(0);
                                  work();
                                  all.end(0, true);
                                  return WorkerEnd::done;
                              },
                          .begin_unit = [] {},
                          .end_unit = end_unit,
                          .take = take});
}

}  // namespace

VerifySearch::VerifySearch(const std::function<void()>& code, const VerifyOptions& options,
                           OrderPlaces* orders)
    : options_(options),
      checkpoint_(options.checkpoint, options.checkpoint_seconds, text_of(code, options)),
      runtime_(code, options) {
    runtime_.watch_orders(orders);
    checkpoint_.read([&](auto& archive) { transfer(archive); });
}

template <class Archive>
void VerifySearch::transfer(Archive& archive) {
    archive(fingerprint_of_findings_);
    transfer_all(findings_, archive);
}

Verification VerifySearch::run() {
    if (options_.shard < 1 || options_.shard > options_.shards) {
        throw checker::InputError("verify(): a shard is one of its parts, counted from 1");
    }
    const CrashWatch crash_watch;
    Verification& found = runtime_.found();
    try {
        search();
        if (found.result == Result::violated && !has_crashed_) runtime_.record_counterexample();
        if (found.reason.empty()) found.result = Result::verified;
    } catch (const checker::InputError& error) {
        if (are_foreign_) throw;
        runtime_.leave_behind();
        found = {};
        found.result = Result::unsupported;
        found.reason = error.what();
    }
    return found;
}

void VerifySearch::search() {
    const bool is_divided = options_.shards > 1 || checkpoint_.is_wanted();
    if (!is_divided) {
        const bool is_over = options_.workers > 1 ? search_first_elsewhere() : search_first();
        if (is_over || (options_.workers == 1 && search_alone(UINT64_MAX))) return;
        if (options_.workers == 0 && search_alone(alone_max)) return;
    }
    search_shared();
}

/// A search that is short, one execution after another or by states. False: this one is not.
bool VerifySearch::search_first() {
    return search_alone(options_.merges_after) || search_merging();
}

/// In a process of its own: it may crash.
bool VerifySearch::search_first_elsewhere() {
    struct First {
        std::uint64_t states = 0;
        bool is_over = false;
        bool has_found = false;
    };
    First first;
    Verification& found = runtime_.found();
    const auto end_unit = [&] {
        first.states = found.states;
        first.has_found = !found.reason.empty();
        UnitBytes bytes = bytes_of(found);
        const auto more = std::as_bytes(std::span(&first, 1));
        bytes.insert(bytes.begin(), more.begin(), more.end());
        return bytes;
    };
    const auto take = [&](std::uint64_t, const UnitBytes& bytes) {
        std::memcpy(&first, bytes.data(), sizeof first);
        found = from_bytes(std::span(bytes).subspan(sizeof first));
        found.states = first.states;
    };
    const SharedEnd end = do_elsewhere([&] { first.is_over = search_first(); }, end_unit, take);
    if (end.lost) {
        note_crash(*end.lost);
        return true;
    }
    return first.is_over && (!first.has_found || search_first());
}

/// In this process. False: there are more executions than so many, and nothing is known yet.
bool VerifySearch::search_alone(std::uint64_t executions_max) {
    const bool is_whole = options_.executions_max <= executions_max;
    look(nullptr, std::min(options_.executions_max, executions_max), [] { return false; });
    if (is_whole || runtime_.found().result != Result::incomplete ||
        executions() < executions_max) {
        return true;
    }
    runtime_.found() = {};
    return false;
}

/// In this process, by states. False: the program is not one for that, and nothing is known yet.
bool VerifySearch::search_merging() {
    Verification& found = runtime_.found();
    std::uint64_t runs = 0;
    MergeOptions options;
    options.may_give_up = true;
    options.events_max = options_.events_max;
    options.write_state = [&](StateBytes& to) { return runtime_.write_state(to); };
    options.on_end = [&](const Graph& graph) {
        const bool is_complete = runtime_.is_complete();
        runtime_.end_execution(graph, is_complete);
        return is_complete;
    };
    options.must_stop = [&] {
        return ++runs >= options_.executions_max || runtime_.has_left_states() ||
               runtime_.must_start_over() || !found.reason.empty();
    };
    MergeResult result;
    runtime_.keep_states(true);
    do {
        runtime_.begin_search();
        found = {};
        runs = 0;
        result = explore_merging(runtime_, options);
    } while (runtime_.must_start_over());
    runtime_.keep_states(false);
    found.executions = result.found.complete;
    found.blocked = result.found.blocked;
    found.states = result.states;
    if (!found.reason.empty() || (result.limit.empty() && !result.is_refused)) return true;
    found = {};
    return false;
}

/// Looks at the executions of `units`, all of them or those up to the first failure or limit.
WorkerEnd VerifySearch::look(Units* units, std::uint64_t executions_max, const Stop& stop) {
    Verification& found = runtime_.found();
    std::atomic<bool> must_stop = false;
    ExploreOptions options;
    options.executions_max = executions_max;
    options.events_max = options_.events_max;
    options.stop = &must_stop;
    options.units = units;
    options.units_level = division_.units_level;
    options.on_end = [&](const Graph& graph, Ending ending) {
        const bool is_complete = ending == Ending::complete;
        runtime_.end_execution(graph, is_complete);
        ++(is_complete ? found.executions : found.blocked);
        if (is_dividing_) {
            division_.fingerprint = checker::mix(division_.fingerprint ^ digest_of(graph));
        }
        must_stop = !found.reason.empty() || runtime_.must_start_over() || stop();
    };
    ExploreResult result;
    do {
        runtime_.begin_search();
        must_stop = false;
        found = {};
        division_.fingerprint = 0;
        result = explore(runtime_, options);
    } while (runtime_.must_start_over());
    if (!found.reason.empty()) return WorkerEnd::stopped;
    if (stop()) return WorkerEnd::interrupted;
    if (result.limit.empty()) return WorkerEnd::done;
    // What there may be here is what others have left of all.
    const bool is_full = result.complete + result.blocked >= executions_max;
    found.reason = is_full ? fmt::format("{} executions", options_.executions_max) : result.limit;
    return WorkerEnd::stopped;
}

/// Finds out how far from the root the units are, in a process of its own: it may crash.
SharedEnd VerifySearch::divide() {
    const auto end_unit = [&] {
        const auto bytes = std::as_bytes(std::span(&division_, 1));
        return UnitBytes(bytes.begin(), bytes.end());
    };
    const auto take = [&](std::uint64_t, const UnitBytes& bytes) {
        std::memcpy(&division_, bytes.data(), sizeof division_);
    };
    return do_elsewhere([&] { find_division(); }, end_unit, take);
}

void VerifySearch::find_division() {
    is_dividing_ = true;
    const auto pass_by = [&](Units& units, std::uint32_t level) {
        division_.units_level = level;
        return look(&units, UINT64_MAX, [] { return false; }) == WorkerEnd::done;
    };
    division_.units_level =
        find_units_level(pass_by, checkpoint_.is_wanted() ? units_kept_wanted : units_wanted);
}

/// What `code` does may depend on more than its type, which the file knows.
void VerifySearch::recognise_checkpoint() {
    are_foreign_ = !findings_.empty() && fingerprint_of_findings_ != division_.fingerprint;
    if (are_foreign_) {
        throw checker::InputError(options_.checkpoint +
                                  " is a checkpoint of code that does something else");
    }
    fingerprint_of_findings_ = division_.fingerprint;
}

void VerifySearch::search_shared() {
    Verification& found = runtime_.found();
    found = {};
    if (const SharedEnd end = divide(); end.lost) return note_crash(*end.lost);
    recognise_checkpoint();
    const SharedSearch shared{
        .processes = options_.workers != 0 ? options_.workers : processes_default(),
        .is_wanted =
            [&](std::uint64_t unit) {
                return is_in_shard(unit, options_.shard, options_.shards) &&
                       !findings_.contains(unit);
            },
        .search = [&](Units& units,
                      const Stop& stop) { return look(&units, options_.executions_max, stop); },
        .begin_unit = [&] { found = {}; },
        .end_unit = [&] { return bytes_of(found); },
        .take =
            [&](std::uint64_t unit, const UnitBytes& bytes) {
                findings_.emplace(unit, bytes);
                if (checkpoint_.is_due()) write_checkpoint();
            }};
    settle(rc11::search_shared(shared));
    const bool is_over = found.result != Result::incomplete || found.reason.empty();
    is_over ? checkpoint_.remove() : write_checkpoint();
}

void VerifySearch::write_checkpoint() {
    checkpoint_.write([&](auto& archive) { transfer(archive); });
}

/// Leaves what one process alone would have found: all that comes before whatever ends the search.
void VerifySearch::settle(const SharedEnd& end) {
    Verification sum;
    for (const auto& [unit, bytes] : findings_) {
        if (end.stopped_at && unit >= *end.stopped_at) break;
        const Verification more = from_bytes(bytes);
        const std::uint64_t left = options_.executions_max - sum.executions - sum.blocked;
        if (more.executions + more.blocked >= left) {
            look_again(unit, left);
            add(runtime_.found(), sum);
            return;
        }
        add(sum, more);
    }
    if (end.stopped_at) {
        look_again(*end.stopped_at, options_.executions_max - sum.executions - sum.blocked);
        return add(runtime_.found(), sum);
    }
    runtime_.found() = std::move(sum);
    if (end.lost) note_crash(*end.lost);
}

void VerifySearch::note_crash(const SharedEnd::Lost& lost) {
    Verification& found = runtime_.found();
    has_crashed_ = lost.signal != SIGKILL && lost.signal != SIGTERM;
    found.result = has_crashed_ ? Result::violated : Result::incomplete;
    found.reason = fmt::format("a worker process was ended by {} in part {} of the search",
                               sigabbrev_np(lost.signal), lost.unit);
}

/// What has ended the search, in this process and by itself: nothing before it does.
void VerifySearch::look_again(std::uint64_t unit, std::uint64_t executions_max) {
    OneUnit only(unit, [&] { runtime_.found() = {}; });
    const WorkerEnd end = look(&only, executions_max, [] { return false; });
    checker::require(end == WorkerEnd::stopped, "what has ended a search ends it again");
}

}  // namespace parley::rc11
