#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/cases.hpp"
#include "parley/stress/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::stress {

/// Judges what has been run, batch after batch, until something is found: each execution by the
/// monitors of the spec, all of them together by ThreadSanitizer's reports and by how the batch
/// ended. What the executions ran on is not its business.
class Examination {
 public:
    Examination(Cases& cases, const checker::Subject& subject, const checker::CheckOptions& check,
                std::string_view engine);

    /// Requires that no thread runs code under check, but one that is stuck.
    void judge(const BatchResult& result);

    /// Whether something has been found, or a limit of the check itself has been reached.
    bool is_over() const { return report_.trace || !limit_.empty(); }
    std::uint64_t executions() const { return executions_; }

    /// Takes an execution down although nothing has been found in it, if that is so.
    void show(std::size_t instance);

    /// The report on all of it, without its time.
    checker::Report conclude();

 private:
    void judge_batch(const BatchResult& result);
    void judge_case(std::size_t i, bool is_over, const std::optional<checker::Violation>& given);
    void take_down(std::size_t i, bool is_over, checker::Violation violation);
    bool is_violated() const { return report_.trace && !report_.trace->violation.property.empty(); }
    void judge_races();
    void judge_end_of_batch(const BatchResult& result);

    Cases& cases_;
    const checker::Subject& subject_;
    const checker::CheckOptions& check_;
    checker::Report report_;
    OutcomeTable outcomes_;
    std::uint64_t executions_ = 0;
    std::uint64_t cut_ = 0;  ///< executions that took too many steps
    std::uint64_t sent_kinds_ = 0;
    std::string limit_;  ///< of the check itself, if one ended it
};

}  // namespace parley::stress
