#include "parley/checker/page_check.hpp"

#include "parley/checker/page.hpp"
#include "parley/checker/page_capacity.hpp"
#include "parley/checker/page_error.hpp"
#include "parley/checker/page_graph.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/transition_label.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>
#include <utility>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Page;
using specs::model::Transition;
namespace property = specs::model::property;

/// Beyond it, --states-max changes nothing: that many need half a gigabyte.
constexpr std::uint64_t configurations_max = 4'000'000;
constexpr std::size_t findings_max = 12;
constexpr std::size_t unreached_max = 20;

/// One check of one page.
class PageCheck {
 public:
    PageCheck(const Page& page, const CheckOptions& options, std::array<std::size_t, 2> capacities)
        : page_(page),
          options_(options),
          limits_{std::min(options.states_max, configurations_max), options.stop},
          system_(page, capacities),
          graph_(system_) {
        for (const Party party : {Party::left, Party::right}) {
            const Automaton& automaton = page.automaton(party);
            is_reached_[index_of(party)].resize(automaton.states.size());
            is_taken_[index_of(party)].resize(automaton.transitions.size());
            result_.queues[index_of(party)].capacity = capacities[index_of(party)];
        }
    }

    PageReport run() {
        const Stopwatch stopwatch;
        begin_report();
        require_duality();
        const std::string limit = graph_.explore(
            limits_, [&](PageGraph::Id id, const Configuration& at,
                         const std::vector<PageStep>& steps) { look_at(id, at, steps); });
        if (limit.empty()) {
            require_finish();
            note_unreached();
        }
        note_mixed();
        if (crossing_) result_.crossing = trace_to(*crossing_, {});
        result_.capacity = find_capacity(page_, limits_);
        conclude(limit);
        result_.report.seconds = stopwatch.seconds();
        return std::move(result_);
    }

 private:
    using Kind = std::tuple<std::string_view, std::size_t, std::string, std::string>;

    const std::string& name_of(Party party) const { return page_.automaton(party).name; }

    void begin_report() {
        result_.file = page_.file;
        Report& report = result_.report;
        report.protocol = std::filesystem::path{page_.file}.stem().string();
        report.engine = page_engine;
        report.seed = options_.seed;
        for (const Party party : {Party::left, Party::right}) {
            report.bounds.emplace_back(
                fmt::format("{}_to_{}", name_of(party), name_of(other(party))),
                static_cast<int>(system_.capacities()[index_of(party)]));
        }
        if (page_.key) {
            report.bounds.emplace_back(page_.key->name, static_cast<int>(page_.key->values));
        }
    }

    /// The main part: called for each configuration, those with the shortest way first.
    void look_at(PageGraph::Id id, const Configuration& at, const std::vector<PageStep>& steps) {
        for (const Party party : {Party::left, Party::right}) {
            note_queue(at, party);
            note_states(at, party);
            note_deferred(at, party);
        }
        for (const PageStep& step : steps) note_taken(step.party, *step.transition);
        if (!crossing_ && !at.queues[0].empty() && !at.queues[1].empty()) crossing_ = id;
        const bool is_final = system_.is_final(at);
        const bool is_bad = judge(id, at, steps.empty() && !is_final);
        if (is_final) ++ends_;
        is_end_.push_back(is_final || is_bad);
    }

    void note_queue(const Configuration& at, Party sender) {
        QueueUse& use = result_.queues[index_of(sender)];
        use.largest = std::max(use.largest, at.queues[index_of(sender)].size());
        use.is_in_the_way |= system_.is_blocked(at, sender);
    }

    void note_states(const Configuration& at, Party party) {
        for (const std::uint16_t state : at.states[index_of(party)]) {
            is_reached_[index_of(party)][state] = true;
        }
    }

    /// A message that is passed over is what a deferring transition is there for.
    void note_deferred(const Configuration& at, Party party) {
        const auto& queue = at.queues[index_of(other(party))];
        const std::size_t passed = system_.head(at, party).value_or(queue.size());
        for (std::size_t i = 0; i < passed; ++i) {
            const auto state = at.states[index_of(party)][queue[i].conversation];
            note_taken(party,
                       *page_.automaton(party).find(state, Direction::receive, queue[i].message));
        }
    }

    void note_taken(Party party, const Transition& transition) {
        const auto index = &transition - page_.automaton(party).transitions.data();
        is_taken_[index_of(party)][static_cast<std::size_t>(index)] = true;
    }

    /// Whether something is wrong with a configuration.
    bool judge(PageGraph::Id id, const Configuration& at, bool is_stuck) {
        bool is_bad = false;
        for (const Party party : {Party::left, Party::right}) {
            const auto letter = system_.unexpected(at, party);
            if (!letter) continue;
            is_bad = true;
            add_unexpected(id, at, party, *letter);
        }
        if (!is_stuck || is_bad) return is_bad;
        if (system_.is_accepting(at, Party::left) && system_.is_accepting(at, Party::right)) {
            add_left_over(id, at);
        } else {
            add_deadlock(id, at);
        }
        return true;
    }

    void add_unexpected(PageGraph::Id id, const Configuration& at, Party party, Letter letter) {
        const std::uint16_t state = at.states[index_of(party)][letter.conversation];
        const Automaton& automaton = page_.automaton(party);
        const bool has_finished =
            automaton.is_accepting[state] && !system_.is_receiving(party, state);
        const std::string& message = page_.messages[letter.message];
        const std::string& where = automaton.states[state];
        if (has_finished) {
            add({property::orphan_message, index_of(party), where, message},
                "no message is left for a party that has finished",
                fmt::format("{} has finished in {}, and {} is under way to it", automaton.name,
                            where, system_.text(letter)),
                id);
            return;
        }
        Event reject;
        reject.party = party;
        reject.kind = EventKind::reject;
        reject.what = system_.text(letter);
        add({property::unspecified_reception, index_of(party), where, message},
            "a message arrives only in a state that expects it",
            fmt::format("{} in {} got {}; it {}", automaton.name, where, system_.text(letter),
                        expected_in(party, state)),
            id, reject);
    }

    /// "expects ?Fired or ?Cancelled there"
    std::string expected_in(Party party, std::uint16_t state) const {
        std::string list;
        for (const Transition* each : system_.leaving(party, state)) {
            if (each->direction != Direction::receive) continue;
            list += (list.empty() ? "" : " or ") + label_of(page_, *each);
        }
        return list.empty() ? "expects nothing there" : fmt::format("expects {} there", list);
    }

    void add_left_over(PageGraph::Id id, const Configuration& at) {
        add({property::orphan_message, 2, states_text(at), ""},
            "no message is left when both parties have finished",
            "what is under way is deferred by a party that has finished", id);
    }

    void add_deadlock(PageGraph::Id id, const Configuration& at) {
        add({property::deadlock, 2, states_text(at), ""}, "a run that has not ended goes on",
            fmt::format("{}; {}", waiting_text(at, Party::left), waiting_text(at, Party::right)),
            id);
    }

    std::string states_text(const Configuration& at) const {
        return system_.state_text(at, Party::left) + " " + system_.state_text(at, Party::right);
    }

    /// "requester in armed waits for ?Fired"
    std::string waiting_text(const Configuration& at, Party party) const {
        std::string text = fmt::format("{} in {}", name_of(party), system_.state_text(at, party));
        std::set<std::string> sends;
        std::set<std::string> receptions;
        for (const std::uint16_t state : at.states[index_of(party)]) {
            for (const Transition* each : system_.leaving(party, state)) {
                const bool is_send = each->direction == Direction::send;
                (is_send ? sends : receptions).insert(label_of(page_, *each));
            }
        }
        const char* joint = " ";
        if (!receptions.empty()) {
            text += fmt::format("{}waits for {}", joint, fmt::join(receptions, " or "));
            joint = ", and ";
        }
        if (!sends.empty()) {
            text += fmt::format("{}has no room to send {}", joint, fmt::join(sends, " or "));
        }
        if (sends.empty() && receptions.empty()) text += " does nothing any more";
        return text;
    }

    void add(const Kind& kind, std::string_view sentence, std::string detail, PageGraph::Id id,
             std::optional<Event> last = std::nullopt) {
        if (!kinds_.insert(kind).second || !has_room_for_finding()) return;
        Trace trace = trace_to(
            id, {std::string{std::get<0>(kind)}, std::string{sentence}, std::move(detail)});
        if (last) {
            if (!trace.events.empty()) {
                last->left_to_right = trace.events.back().left_to_right;
                last->right_to_left = trace.events.back().right_to_left;
            }
            trace.events.push_back(*std::move(last));
        }
        result_.findings.push_back(std::move(trace));
    }

    bool has_room_for_finding() {
        if (result_.findings.size() < findings_max) return true;
        ++result_.hidden_findings;
        return false;
    }

    Trace trace_to(PageGraph::Id id, Violation violation) const {
        Trace trace = begin_trace(std::move(violation));
        trace.events = events_of(system_, graph_.path_to(id));
        return trace;
    }

    Trace begin_trace(Violation violation) const {
        const Report& report = result_.report;
        Trace trace;
        trace.protocol = report.protocol;
        trace.engine = report.engine;
        trace.left = name_of(Party::left);
        trace.right = name_of(Party::right);
        trace.bounds = report.bounds;
        trace.seed = report.seed;
        trace.violation = std::move(violation);
        return trace;
    }

    /// Each message that one party sends somewhere the other one takes somewhere. The reverse is
    /// found as a transition that is never taken.
    void require_duality() {
        for (const Party party : {Party::left, Party::right}) {
            const std::vector<std::string_view> received =
                alphabet(other(party), Direction::receive);
            result_.is_dual = result_.is_dual && alphabet(party, Direction::send) == received;
            for (const std::string_view message : alphabet(party, Direction::send)) {
                if (std::ranges::find(received, message) != received.end()) continue;
                add_one_sided(party, message, received);
            }
        }
    }

    void add_one_sided(Party party, std::string_view message,
                       const std::vector<std::string_view>& received) {
        if (!has_room_for_finding()) return;
        const Transition* transition = first(party, Direction::send, message);
        result_.findings.push_back(begin_trace(
            {std::string{property::duality}, "what one party sends the other one can receive",
             fmt::format("{} never receives {}{} ({})", name_of(other(party)), message,
                         hint(message, received), quote_line(page_, transition->line))}));
    }

    std::vector<std::string_view> alphabet(Party party, Direction direction) const {
        std::vector<bool> has(page_.messages.size());
        for (const Transition& each : page_.automaton(party).transitions) {
            if (each.direction == direction) has[each.message] = true;
        }
        std::vector<std::string_view> names;
        for (std::size_t i = 0; i < has.size(); ++i) {
            if (has[i]) names.emplace_back(page_.messages[i]);
        }
        return names;
    }

    const Transition* first(Party party, Direction direction, std::string_view message) const {
        const auto& transitions = page_.automaton(party).transitions;
        const auto found = std::ranges::find_if(transitions, [&](const Transition& each) {
            return each.direction == direction && page_.messages[each.message] == message;
        });
        return found == transitions.end() ? nullptr : &*found;
    }

    /// From every configuration a final one, or one with something wrong in it, can be reached.
    void require_finish() {
        const std::vector<bool> can_finish =
            graph_.leading_to(is_end_, [](const PageGraph::Edge&) { return true; });
        result_.can_finish = result_.findings.empty();
        const auto found = std::ranges::find(can_finish, false);
        if (found == can_finish.end()) return;
        result_.can_finish = false;
        const auto id = static_cast<PageGraph::Id>(found - can_finish.begin());
        const Configuration at = graph_.configuration(id);
        add({property::livelock, 2, "", ""}, "every run can still come to its end",
            fmt::format("from {} in {} and {} in {} no run ends", name_of(Party::left),
                        system_.state_text(at, Party::left), name_of(Party::right),
                        system_.state_text(at, Party::right)),
            id);
    }

    void note_unreached() {
        for (const Party party : {Party::left, Party::right}) {
            const Automaton& automaton = page_.automaton(party);
            const auto count = static_cast<std::uint16_t>(automaton.states.size());
            for (std::uint16_t state = 0; state < count; ++state) {
                if (!is_reached_[index_of(party)][state]) add_unreached_state(party, state);
            }
            for (std::size_t i = 0; i < automaton.transitions.size(); ++i) {
                const Transition& each = automaton.transitions[i];
                const bool is_expected =
                    !each.is_optional && is_reached_[index_of(party)][each.from];
                if (is_expected && !is_taken_[index_of(party)][i]) add_untaken(party, each);
            }
            note_never_full(party);
        }
    }

    void note_never_full(Party sender) {
        const bool is_due = page_.must_be_full[index_of(sender)];
        if (!is_due || result_.queues[index_of(sender)].is_in_the_way) return;
        if (++unreached_ > unreached_max) return;
        result_.unreached.push_back(
            fmt::format("no send of {} finds the queue full", name_of(sender)));
    }

    void add_unreached_state(Party party, std::uint16_t state) {
        const Automaton& automaton = page_.automaton(party);
        int line = 0;
        bool is_optional = true;
        bool is_entered = false;
        for (const Transition& each : automaton.transitions) {
            if (each.from != state && each.to != state) continue;
            if (line == 0) line = each.line;
            is_optional = is_optional && each.is_optional;
            is_entered = is_entered || (each.to == state && each.from != state);
        }
        if ((is_optional && line != 0) || ++unreached_ > unreached_max) return;
        result_.unreached.push_back(
            fmt::format("{} never reaches {}{} ({})", automaton.name, automaton.states[state],
                        is_entered ? "" : ", to which nothing leads" + other_state(party, state),
                        quote_line(page_, line == 0 ? automaton.line : line)));
    }

    /// Whose name may have been meant.
    std::string other_state(Party party, std::uint16_t state) const {
        const std::vector<std::string>& states = page_.automaton(party).states;
        std::vector<std::string_view> others(states.begin(), states.end());
        others.erase(others.begin() + state);
        return hint(states[state], others);
    }

    void add_untaken(Party party, const Transition& transition) {
        if (++unreached_ > unreached_max) return;
        std::string text = fmt::format("{} is never taken", quote_line(page_, transition.line));
        const std::vector<std::string_view> sent = alphabet(other(party), Direction::send);
        const std::string& message = page_.messages[transition.message];
        const bool is_sent = std::ranges::find(sent, message) != sent.end();
        if (transition.direction == Direction::receive && !is_sent) {
            text += fmt::format(": {} never sends {}{}", name_of(other(party)), message,
                                hint(message, sent));
        }
        result_.unreached.push_back(std::move(text));
    }

    void note_mixed() {
        for (const Party party : {Party::left, Party::right}) {
            for (const std::uint16_t state : mixed_states(system_, party)) {
                result_.mixed.push_back(
                    fmt::format("{} in {}", name_of(party), page_.automaton(party).states[state]));
            }
        }
    }

    void conclude(const std::string& limit) {
        Report& report = result_.report;
        report.counts = {
            {"states", graph_.size()}, {"transitions", graph_.edges().size()}, {"ends", ends_}};
        if (!result_.findings.empty()) {
            report.verdict = Verdict::violated;
            report.trace = result_.findings.front();
            report.meaning = "the two automata do not fit together";
        } else if (!limit.empty()) {
            report.verdict = Verdict::incomplete;
            report.reason = limit;
            report.meaning = "nothing was found before the limit; what lies beyond is not known";
        } else if (unreached_ > 0) {
            report.verdict = Verdict::vacuous;
            report.reason = fmt::format("{} of the page are never reached", unreached_);
            report.meaning = "nothing went wrong, but no run reaches all that the page promises";
        } else {
            report.verdict = Verdict::verified;
            report.meaning =
                "no run over FIFO queues of these capacities has an unspecified reception, an "
                "orphan message or a deadlock, and every one can still end";
        }
    }

    const Page& page_;
    const CheckOptions& options_;
    PageLimits limits_;
    PageSystem system_;
    PageGraph graph_;
    PageReport result_;
    std::set<Kind> kinds_;
    std::array<std::vector<bool>, 2> is_reached_;  ///< by party, then state
    std::array<std::vector<bool>, 2> is_taken_;    ///< by party, then transition
    std::vector<bool> is_end_;  ///< by configuration: final, or something is wrong with it
    std::optional<PageGraph::Id> crossing_;
    std::uint64_t ends_ = 0;
    std::uint64_t unreached_ = 0;
};

}  // namespace

PageReport check_page(const Page& page, const CheckOptions& options,
                      std::optional<std::size_t> capacity) {
    std::array<std::size_t, 2> capacities = page.capacities;
    if (capacity) capacities.fill(*capacity);
    return PageCheck(page, options, capacities).run();
}

}  // namespace parley::checker
