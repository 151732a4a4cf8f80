#include "conformance/report/reports.h"
#include "conformance/report/testing/sample_run.h"

#include <exception>
#include <iostream>
#include <string>

// report-sample FORMAT [sample|hostile|NUMBER]: prints a report of an artificial run, for
// inspection.

namespace {

int run(const std::string& format, const std::string& which) {
  using namespace conformance;
  const auto made = which == "sample"    ? testing::sample_run()
                    : which == "hostile" ? testing::run_of_text(testing::hostile_text())
                                         : testing::large_run(std::stoul(which));
  if (format == "html") {
    std::cout << html_text(made);
  } else if (format == "junit") {
    std::cout << junit_text(made);
  } else if (format == "tap") {
    std::cout << tap_text(made);
  } else if (format == "text") {
    std::cout << report_text(made);
  } else if (format == "columns") {
    std::cout << columns_text(made);
  } else {
    std::cerr << format << ": no such format\n";
    return 2;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : "text", argc > 2 ? argv[2] : "sample");
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
