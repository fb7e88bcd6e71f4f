#pragma once

#include "parley/checker/rc11/runtime/runtime.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"
#include "parley/checker/rc11/workers.hpp"

#include <cstdint>
#include <functional>
#include <map>

namespace parley::rc11 {

/// The search of verify(): through all executions in this process, or in several as soon as there
/// are many.
class VerifySearch {
 public:
    VerifySearch(const std::function<void()>& code, const VerifyOptions& options)
        : options_(options), runtime_(code, options) {}

    Verification run();

 private:
    using Stop = std::function<bool()>;

    void search();
    bool search_alone();
    void search_shared();
    WorkerEnd look(Units* units, std::uint64_t executions_max, const Stop& stop);
    SharedEnd divide();
    void note_crash(const SharedEnd::Lost& lost);
    void settle(const SharedEnd& end, const std::map<std::uint64_t, UnitBytes>& findings);
    void look_again(std::uint64_t unit, std::uint64_t executions_max);
    std::uint64_t executions() { return runtime_.found().executions + runtime_.found().blocked; }

    VerifyOptions options_;
    Runtime runtime_;
    std::uint32_t units_level_ = 0;
    bool has_crashed_ = false;
};

}  // namespace parley::rc11
