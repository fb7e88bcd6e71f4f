#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/coverage.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/witness.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/instance.hpp"
#include "parley/stress/judgement.hpp"
#include "parley/stress/log.hpp"
#include "parley/stress/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace parley::stress {

/// What the logs of one execution show.
struct CaseFinding {
    std::optional<checker::Violation> violation;
    std::uint64_t sent_kinds = 0;  ///< see checker::message_never_sent
    Outcome outcome;
};

/// Judges the logs of an execution; `is_over`: both parties came to their end by themselves, so
/// that nothing may be left.
template <class Witness, class Entry>
CaseFinding finding_in(const Logs<Entry>& logs, bool is_over, std::size_t capacity,
                       checker::Recorder* recorder, checker::PageWatch page) {
    Witness witness{capacity, recorder, page};
    Judgement<Witness, Entry>{witness, capacity}.judge(logs, is_over);
    CaseFinding finding;
    if (witness.is_violated()) finding.violation = witness.violation();
    finding.sent_kinds = witness.sent_kinds();
    finding.outcome = outcome_of(logs);
    return finding;
}

/// Independent executions of one variant of a protocol, numbered from 0; a Workload.
class Cases {
 public:
    virtual ~Cases() = default;

    virtual void prepare(std::size_t number, std::uint64_t seed) = 0;
    virtual void left(std::size_t number, Side& side) = 0;
    virtual void right(std::size_t number, Side& side) = 0;

    /// Both parties came to their end by themselves.
    virtual bool is_over(std::size_t number) const = 0;
    /// Judges the logs of an execution; `is_over`: nothing may be left. With a recorder the merged
    /// events are taken down, with a coverage they are counted.
    virtual CaseFinding look_at(std::size_t number, bool is_over, checker::Recorder* recorder,
                                checker::Coverage* coverage) = 0;
    /// A thread still runs in an execution: what it uses is never freed.
    virtual void leave_behind() = 0;
};

/// `V` and `C` are the same variant under StdPlatform and under CheckPlatform.
template <class V, class C>
class CasesOf final : public Cases {
 public:
    /// `page`: what the roles must conform to, or null.
    CasesOf(const checker::CheckOptions& check, std::size_t count,
            std::shared_ptr<const checker::Conformance> page)
        : options_(checker::options_with<typename V::Options>(check.bounds)),
          page_(std::move(page)),
          slots_(count) {}

    void prepare(std::size_t number, std::uint64_t seed) override {
        Slot& slot = slots_[number];
        for (auto& log : slot.logs) log.clear();
        slot.instance = std::make_unique<Instance<V, C>>(options_, seed, slot.logs);
    }
    void left(std::size_t number, Side& side) override { slots_[number].instance->left(side); }
    void right(std::size_t number, Side& side) override { slots_[number].instance->right(side); }
    bool is_over(std::size_t number) const override { return slots_[number].instance->is_over(); }

    CaseFinding look_at(std::size_t number, bool is_over, checker::Recorder* recorder,
                        checker::Coverage* coverage) override {
        return finding_in<checker::WitnessOf<C>>(slots_[number].logs, is_over,
                                                 specs::model::capacity_of(options_), recorder,
                                                 {page_.get(), coverage});
    }

    void leave_behind() override {
        for (Slot& slot : slots_) static_cast<void>(slot.instance.release());
        static_cast<void>(new std::vector<Slot>(std::move(slots_)));
    }

 private:
    struct Slot {
        Logs<LogEntryOf<C>> logs;
        std::unique_ptr<Instance<V, C>> instance;
    };

    typename V::Options options_;
    std::shared_ptr<const checker::Conformance> page_;
    std::vector<Slot> slots_;
};

}  // namespace parley::stress
