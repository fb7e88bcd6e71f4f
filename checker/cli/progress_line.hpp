#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace parley::cli {

/// One line on standard error that says how far a check is, drawn over itself. Off unless a person
/// is looking.
class ProgressLine {
 public:
    explicit ProgressLine(bool is_on) : is_on_(is_on) {}
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine() { clear(); }

    /// Begins with something new; `label` is what the line starts with.
    void start(std::string label);
    /// `done`: from 0 to 1, 0 when unknown; `left_s` if it is known and does not follow from that.
    /// Draws at most ten times a second.
    void show(double done, double rate_per_s, std::optional<double> left_s = std::nullopt);
    /// Takes the line away, before something else is printed.
    void clear();

 private:
    using Clock = std::chrono::steady_clock;

    void draw(const std::string& text);

    bool is_on_;
    bool is_drawn_ = false;
    std::string label_;
    Clock::time_point begin_ = Clock::now();
    Clock::time_point next_ = Clock::now();
};

}  // namespace parley::cli
