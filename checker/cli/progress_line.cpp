#include "parley/checker/cli/progress_line.hpp"

#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <utility>

namespace parley::cli {

using checker::render::cut;
using checker::render::duration;
using checker::render::grouped;

void ProgressLine::start(std::string label) {
    label_ = std::move(label);
    begin_ = Clock::now();
    next_ = begin_;
    if (is_on_) draw(label_);
}

void ProgressLine::show(double done, double rate_per_s, std::optional<double> left_s) {
    if (!is_on_) return;
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    std::string text = label_;
    if (rate_per_s >= 0 && rate_per_s < 1e15) {
        text += fmt::format(": {}/s", grouped(static_cast<std::uint64_t>(rate_per_s)));
    }
    if (done > 0 && done <= 1) {
        text += fmt::format(", {:.0f} %, {} left", 100 * done,
                            duration(left_s.value_or(seconds / done - seconds)));
    } else {
        text += fmt::format(", {} so far", duration(seconds));
    }
    draw(text);
}

void ProgressLine::clear() {
    if (!is_drawn_) return;
    is_drawn_ = false;
    std::fputs("\r\033[K", stderr);
}

void ProgressLine::draw(const std::string& text) {
    is_drawn_ = true;
    fmt::print(stderr, "\r{}\033[K", cut(text, 79));
    std::fflush(stderr);
}

}  // namespace parley::cli
