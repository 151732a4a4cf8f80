#include "conformance/scenario/suite.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace conformance {
namespace {

class SuiteTest : public testing::Test {
 protected:
  SuiteTest() {
    std::filesystem::create_directories(directory_ + "/requirements");
    std::ofstream(directory_ + "/requirements/ocf.yaml")
        << "source: OCF\nrequirements:\n"
           "  - {id: ocf.stop, section: Actions, level: must, says: It stops}\n";
    std::filesystem::create_directories(directory_ + "/scenarios");
  }
  ~SuiteTest() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& file, const std::string& id) const {
    std::ofstream(directory_ + "/scenarios/" + file)
        << "topic: T\nscenarios:\n  - id: " << id
        << "\n    claim: It stops\n    rests_on: [ocf.stop]\n"
           "    instances: {one: {listen_address: 127.0.0.1}}\n"
           "    steps: [{stop: one, expect: success}]\n";
  }

  [[nodiscard]] auto read() const { return read_suite(directory_); }

  std::string directory_ = testing::TempDir() + "/suite-" + std::to_string(::getpid());
};

TEST_F(SuiteTest, ReadsFilesOfBothEndingsInTheOrderOfTheirNames) {
  write("b.yaml", "second");
  write("a.yml", "first");
  write("notes.txt", "no scenario");
  const auto suite = read();
  ASSERT_TRUE(suite) << suite.error();
  ASSERT_EQ(suite->scenarios.size(), 4U);  // each with both probes
  EXPECT_EQ(suite->scenarios.at(0).id, "first");
  EXPECT_EQ(suite->scenarios.at(2).id, "second");
}

TEST_F(SuiteTest, RefusesOneIdInTwoFiles) {
  write("a.yaml", "stop");
  write("b.yaml", "stop");
  const auto suite = read();
  ASSERT_FALSE(suite);
  EXPECT_EQ(suite.error(), directory_ +
                               "/scenarios/b.yaml:3:5: duplicate scenario stop: it is also in " +
                               directory_ + "/scenarios/a.yaml");
}

}  // namespace
}  // namespace conformance
